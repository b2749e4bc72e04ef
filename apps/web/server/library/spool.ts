import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { StreamError } from '@throughline/protocol'

export interface SpoolOptions {
  readonly directory: string
  readonly maxBytes: number
  /** Silence after which a sender is given up. */
  readonly idleMs: number
  /** Bytes of the front that `judge` wants. */
  readonly headBytes: number
  /** Looks at the front before the rest is taken. @throws what the sender is told */
  readonly judge: (head: Uint8Array) => void
}

/** A body on disk. */
export interface Spooled {
  readonly path: string
  readonly bytes: number
  readonly sha256: string
  /** Removes the file, if it is still there. */
  discard(): Promise<void>
}

/** Streams a body to a file; nothing is left behind when that fails. @throws StreamError 413, and what `judge` throws */
export async function spool(body: AsyncIterable<Uint8Array>, options: SpoolOptions): Promise<Spooled> {
  await mkdir(options.directory, { recursive: true, mode: 0o700 })
  const path = join(options.directory, randomUUID())
  const discard = () => rm(path, { force: true })
  try {
    return { path, discard, ...(await write(body, path, options)) }
  } catch (error) {
    await discard()
    throw error
  }
}

async function write(
  body: AsyncIterable<Uint8Array>,
  path: string,
  { maxBytes, idleMs, headBytes, judge }: SpoolOptions,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  let head: Uint8Array | undefined = new Uint8Array()
  await using file = await open(path, 'wx', 0o600)
  for await (const chunk of untilSilent(body, idleMs)) {
    bytes += chunk.length
    if (bytes > maxBytes) throw tooLarge(maxBytes)
    if (head !== undefined) {
      head = Buffer.concat([head, chunk])
      if (head.length >= headBytes) {
        judge(head)
        head = undefined
      }
    }
    hash.update(chunk)
    await file.write(chunk)
  }
  if (head !== undefined) judge(head)
  await file.sync()
  return { bytes, sha256: hash.digest('hex') }
}

/** @throws StreamError when nothing came for `idleMs` */
async function* untilSilent(
  body: AsyncIterable<Uint8Array>,
  idleMs: number,
): AsyncGenerator<Uint8Array, void, void> {
  const chunks = body[Symbol.asyncIterator]()
  for (;;) {
    let timer: ReturnType<typeof setTimeout> | undefined
    const silence = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(
          new StreamError('invalid_request', 'The file stopped arriving. Send it again.', { status: 408 }),
        )
      }, idleMs)
    })
    try {
      const next = await Promise.race([chunks.next(), silence])
      if (next.done === true) return
      yield next.value
    } finally {
      clearTimeout(timer)
    }
  }
}

export function tooLarge(maxBytes: number): StreamError {
  const mebibytes = Math.floor(maxBytes / 1_048_576)
  return new StreamError(
    'invalid_request',
    `The file is too large: at most ${String(mebibytes)} MiB. Split it and add the parts.`,
    { status: 413 },
  )
}
