import { EventCheck } from './event-check.ts'
import { openLine, type Line } from './line.ts'

export interface ReaderOptions {
  readonly port: number
  readonly request: string
  /** Labels of the sources of its stream, the first and how many. Default: one that is labelled 0. */
  readonly labels?: readonly [first: number, count: number]
  /** Number of the first event that it gets. Default 0. */
  readonly next?: number
  /** Body bytes that say that it follows; without them, the head's end. */
  readonly ready: string | undefined
  readonly onEvent: (label: number, number: number) => void
  readonly onFailure: (error: Error) => void
}

const READY_WITHIN_MS = 20_000

/** One reader whose events are checked. */
export interface Reader {
  /** Resolves once what is published from now on reaches it. @throws when it was refused */
  readonly ready: Promise<void>
  close(): void
}

export function openReader(options: ReaderOptions): Reader {
  const { port, request, onEvent, onFailure, labels: [first, count] = [0, 1] } = options
  const mark = options.ready === undefined ? undefined : Buffer.from(options.ready)
  const events = new EventCheck({ first, count, next: options.next ?? 0 }, onEvent)
  let line: Line | undefined
  const ready = new Promise<void>((resolve, reject) => {
    let waiting = true
    const late = setTimeout(() => settle(new Error('a reader was not served in time')), READY_WITHIN_MS)
    const settle = (error?: Error): void => {
      waiting = false
      clearTimeout(late)
      if (error === undefined) resolve()
      else reject(error)
    }
    line = openLine(
      port,
      {
        onHead(status) {
          if (status !== 200) settle(new Error(`a reader was answered ${status}`))
          else if (mark === undefined) settle()
        },
        onBody(bytes, from, to) {
          if (waiting && mark !== undefined) {
            const at = bytes.indexOf(mark, from)
            if (at !== -1 && at < to) settle()
          }
          events.take(bytes, from, to)
        },
        onEnd: () => onFailure(new Error('a reader was sent away')),
      },
      (error) => {
        if (waiting) settle(error)
        else onFailure(error)
      },
    )
    line.write(request)
  })
  return { ready, close: () => line?.close() }
}

/** Opens readers, at most `atOnce` of them on their way. */
export async function openReaders(all: readonly ReaderOptions[], atOnce = 100): Promise<Reader[]> {
  const readers: Reader[] = []
  for (let from = 0; from < all.length; from += atOnce) {
    const some = all.slice(from, from + atOnce).map(openReader)
    readers.push(...some)
    await Promise.all(some.map((reader) => reader.ready))
  }
  return readers
}
