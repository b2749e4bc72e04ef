import { chmod, rm } from 'node:fs/promises'
import { createConnection, createServer, type Socket } from 'node:net'
import { join, relative } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** What a data command asks of the process that has the log open. */
export type DataRequest =
  | { readonly command: 'check' }
  /** `target`: an absolute path. */
  | { readonly command: 'backup'; readonly target: string }

/** What the command prints, and whether all is well. */
export interface DataReply {
  readonly ok: boolean
  readonly lines: readonly string[]
}

export interface DataChannel {
  /** Takes no further request, and waits for the one under way. */
  close(): Promise<void>
}

const MAX_REQUEST_LENGTH = 8_192
const MAX_REPLY_LENGTH = 65_536
/** A request is one line that is sent at once. */
const REQUEST_WITHIN_MS = 5_000
/** Connections that may wait for the one being served. */
const MAX_WAITING = 4

/**
 * Answers data commands of this machine, one at a time, over a socket in the data directory that only its owner can
 * open (mode 600). To be called by the process that has the log: what another one left there is replaced. Where a path
 * cannot be a socket (Windows), nobody is answered.
 */
export async function openDataChannel(
  directory: string,
  answer: (request: DataRequest) => Promise<DataReply>,
): Promise<DataChannel> {
  if (process.platform === 'win32') return { close: () => Promise.resolve() }
  const path = socketPath(directory)
  await rm(path, { force: true })
  const sockets = new Set<Socket>()
  const closing = new AbortController()
  let last: Promise<unknown> = Promise.resolve()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    last = last.then(() => serve(socket, answer, closing.signal))
  })
  server.maxConnections = MAX_WAITING
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // The folder keeps others out until the mode does.
    server.listen(path, resolve)
  })
  await chmod(path, 0o600)
  return {
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      closing.abort()
      await last
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Asks whoever has the log of this directory open; `undefined` when nobody answers there. */
export async function askDataChannel(
  directory: string,
  request: DataRequest,
): Promise<DataReply | undefined> {
  const socket = createConnection(socketPath(directory))
  const connected = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => {
      resolve(true)
    })
    socket.once('error', () => {
      resolve(false)
    })
  })
  if (!connected) return undefined
  socket.write(`${JSON.stringify(request)}\n`)
  const line = await readLine(socket, MAX_REPLY_LENGTH)
  socket.destroy()
  if (line === undefined) return { ok: false, lines: ['The server ended before it had answered: try again.'] }
  return JSON.parse(line) as DataReply
}

async function serve(
  socket: Socket,
  answer: (request: DataRequest) => Promise<DataReply>,
  closing: AbortSignal,
): Promise<void> {
  const asked = new AbortController()
  const signal = AbortSignal.any([asked.signal, closing])
  const late = wait(REQUEST_WITHIN_MS, undefined, { signal }).catch(() => undefined)
  const line = await Promise.race([readLine(socket, MAX_REQUEST_LENGTH), late])
  asked.abort()
  const request = line === undefined ? undefined : parseRequest(line)
  if (request === undefined) {
    socket.destroy()
    return
  }
  const reply = await answer(request).catch((error: unknown) => ({
    ok: false,
    lines: [error instanceof Error ? error.message : String(error)],
  }))
  await new Promise<void>((resolve) => {
    socket.once('close', resolve)
    socket.end(`${JSON.stringify(reply)}\n`, resolve)
  })
}

/** The first line; `undefined` when the other side ends before it, or it is too long. */
async function readLine(socket: Socket, maxLength: number): Promise<string | undefined> {
  let text = ''
  socket.setEncoding('utf8')
  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<string>) {
      text += chunk
      const end = text.indexOf('\n')
      if (end >= 0) return text.slice(0, end)
      if (text.length > maxLength) return undefined
    }
  } catch {
    // It broke off: nothing was asked, or answered.
  }
  return undefined
}

function parseRequest(line: string): DataRequest | undefined {
  try {
    const { command, target } = JSON.parse(line) as Partial<Record<'command' | 'target', unknown>>
    if (command === 'check') return { command }
    if (command === 'backup' && typeof target === 'string') return { command, target }
  } catch {
    // Whatever it was, it was no request.
  }
  return undefined
}

/** The shorter way of saying it: the system takes no more than about a hundred bytes. */
function socketPath(directory: string): string {
  const path = join(directory, 'data.sock')
  const fromHere = relative(process.cwd(), path)
  return fromHere.length < path.length ? fromHere : path
}
