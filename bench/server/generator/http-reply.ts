/** What a reply's bytes turn out to be. */
export interface ReplyListener {
  onHead(status: number): void
  /** `bytes[from, to)` of the body; the buffer is used again after the call. */
  onBody(bytes: Buffer, from: number, to: number): void
  /** The reply is complete; another one may follow. */
  onEnd(): void
}

const CR = 0x0d
const LF = 0x0a
const HEAD_END = Buffer.from('\r\n\r\n')

type Phase = 'head' | 'sized' | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'until-close'

/** HTTP/1.1 replies of one connection: just enough of the grammar for the servers measured, and cheap. */
export class HttpReply {
  readonly #listener: ReplyListener
  #phase: Phase = 'head'
  #head = Buffer.alloc(0)
  #left = 0
  #isLast = false

  constructor(listener: ReplyListener) {
    this.#listener = listener
  }

  take(bytes: Buffer): void {
    let at = 0
    while (at < bytes.length) at = this.#step(bytes, at)
  }

  #step(bytes: Buffer, at: number): number {
    switch (this.#phase) {
      case 'head':
        return this.#readHead(bytes, at)
      case 'chunk-size':
        return this.#readSize(bytes, at)
      case 'chunk-end':
        return this.#readChunkEnd(bytes, at)
      case 'sized':
      case 'chunk-data':
        return this.#readData(bytes, at)
      case 'until-close':
        this.#listener.onBody(bytes, at, bytes.length)
        return bytes.length
    }
  }

  #readHead(bytes: Buffer, at: number): number {
    const before = this.#head.length
    this.#head = Buffer.concat([this.#head, bytes.subarray(at)])
    const end = this.#head.indexOf(HEAD_END)
    if (end === -1) return bytes.length
    const head = this.#head.toString('latin1', 0, end).toLowerCase()
    this.#head = Buffer.alloc(0)
    this.#left = 0
    this.#isLast = false
    const status = Number(head.slice(9, 12))
    const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1]
    if (head.includes('\r\ntransfer-encoding: chunked')) this.#phase = 'chunk-size'
    else if (length !== undefined || status === 204) {
      this.#left = Number(length ?? 0)
      this.#phase = 'sized'
    } else this.#phase = 'until-close'
    this.#listener.onHead(status)
    if (this.#phase === 'sized' && this.#left === 0) this.#end()
    return at + end + HEAD_END.length - before
  }

  #readSize(bytes: Buffer, at: number): number {
    for (let index = at; index < bytes.length; index += 1) {
      const code = bytes[index] ?? 0
      if (code === LF) {
        this.#isLast = this.#left === 0
        this.#phase = this.#isLast ? 'chunk-end' : 'chunk-data'
        return index + 1
      }
      if (code !== CR) this.#left = this.#left * 16 + (code > 0x40 ? (code & 0x5f) - 0x37 : code - 0x30)
    }
    return bytes.length
  }

  #readData(bytes: Buffer, at: number): number {
    const to = Math.min(bytes.length, at + this.#left)
    this.#left -= to - at
    this.#listener.onBody(bytes, at, to)
    if (this.#left === 0) {
      if (this.#phase === 'chunk-data') this.#phase = 'chunk-end'
      else this.#end()
    }
    return to
  }

  #readChunkEnd(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(LF, at)
    if (end === -1) return bytes.length
    if (this.#isLast) this.#end()
    else this.#phase = 'chunk-size'
    return end + 1
  }

  #end(): void {
    this.#phase = 'head'
    this.#listener.onEnd()
  }
}
