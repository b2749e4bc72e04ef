import { connect, type Socket } from 'node:net'
import { createSseDecoder, parseEnvelope, type Envelope } from '@throughline/protocol'

export interface RawReaderOptions {
  readonly port: number
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly method?: string
  readonly httpVersion?: '1.0' | '1.1'
  /** Reads nothing until `resume`. */
  readonly paused?: boolean
}

/** An HTTP client without any machinery: what came over the socket is what one sees. */
export interface RawReader {
  readonly socket: Socket
  readonly envelopes: readonly Envelope[]
  /** Status line and headers, once they came. */
  readonly head: string
  /** Body without chunk framing. */
  readonly body: string
  /** The last chunk came. */
  readonly isWhole: boolean
  readonly isClosed: boolean
  /** Bytes read. */
  readonly bytes: number
  resume(): void
  /** Resolves when `test` holds; looks whenever something came. */
  until(test: (reader: RawReader) => boolean): Promise<void>
  /** Sends a further request over the same connection and reads its answer afresh. */
  again(path: string): void
  leave(): void
}

export function openRaw(options: RawReaderOptions): RawReader {
  const { port, path, headers = {}, method = 'GET', httpVersion = '1.1', paused = false } = options
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const lines = [
    `${method} ${path} HTTP/${httpVersion}`,
    'Host: hub.test',
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  socket.write(`${lines.join('\r\n')}\r\n\r\n`)
  let answer = createAnswer()
  let bytes = 0
  let isClosed = false
  const waiting = new Set<() => void>()
  const wake = (): void => {
    for (const look of waiting) look()
  }

  const read = (data: Buffer): void => {
    bytes += data.length
    answer.push(data)
    wake()
  }
  if (!paused) socket.on('data', read)
  socket.on('error', () => undefined)
  socket.on('close', () => {
    isClosed = true
    wake()
  })

  const reader: RawReader = {
    socket,
    get envelopes() {
      return answer.envelopes
    },
    get head() {
      return answer.head()
    },
    get body() {
      return answer.body()
    },
    get isWhole() {
      return answer.isWhole()
    },
    get isClosed() {
      return isClosed
    },
    get bytes() {
      return bytes
    },
    resume() {
      socket.on('data', read)
    },
    until: (test) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          try {
            if (!test(reader)) return
            resolve()
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)))
          }
          waiting.delete(look)
        }
        waiting.add(look)
        look()
      }),
    again(next) {
      answer = createAnswer()
      socket.write(`GET ${next} HTTP/1.1\r\nHost: hub.test\r\n\r\n`)
    },
    leave() {
      socket.destroy()
    },
  }
  return reader
}

/** Parses one answer: head, then a body that is chunked, of known length, or ends with the connection. */
function createAnswer() {
  const envelopes: Envelope[] = []
  const decoder = createSseDecoder({
    onFrame: ({ data }) => {
      const envelope = parseEnvelope(data)
      if (envelope === undefined) throw new Error(`not an envelope: ${data}`)
      envelopes.push(envelope)
    },
  })
  const bodies: Buffer[] = []
  let rest = Buffer.alloc(0)
  let head: string | undefined
  let isWhole = false

  const take = (body: Buffer): void => {
    bodies.push(body)
    if (/^content-type: text\/event-stream/im.test(head ?? '')) decoder.push(body)
  }

  const takeChunks = (): void => {
    for (;;) {
      const end = rest.indexOf('\r\n')
      if (end < 0) return
      const line = rest.toString('latin1', 0, end)
      if (!/^[0-9a-f]+$/.test(line)) throw new Error(`not a chunk size: ${JSON.stringify(line.slice(0, 80))}`)
      const size = Number.parseInt(line, 16)
      if (rest.length < end + 2 + size + 2) return
      if (rest.toString('latin1', end + 2 + size, end + 4 + size) !== '\r\n')
        throw new Error('chunk without end')
      if (size === 0) isWhole = true
      else take(rest.subarray(end + 2, end + 2 + size))
      rest = rest.subarray(end + 4 + size)
    }
  }

  return {
    envelopes,
    head: () => head ?? '',
    body: () => Buffer.concat(bodies).toString(),
    isWhole: () => isWhole,
    push(data: Buffer) {
      rest = Buffer.concat([rest, data])
      if (head === undefined) {
        const end = rest.indexOf('\r\n\r\n')
        if (end < 0) return
        head = rest.toString('latin1', 0, end)
        rest = rest.subarray(end + 4)
      }
      if (/^transfer-encoding: chunked/im.test(head)) {
        takeChunks()
        return
      }
      const length = /^content-length: (\d+)/im.exec(head)?.[1]
      if (rest.length > 0) take(rest)
      rest = Buffer.alloc(0)
      if (length !== undefined && Buffer.concat(bodies).length >= Number(length)) isWhole = true
    },
  }
}
