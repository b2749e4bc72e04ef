import { openLine } from './line.ts'

/** A connection that sends one request after the other. */
export interface Poster {
  readonly busy: boolean
  /** Sends a request; one at a time. Resolves nothing: `onAnswer` is called with the status and the body. */
  send(request: string, onAnswer: (status: number, body: string) => void): void
  close(): void
}

export function openPoster(port: number, onFailure: (error: Error) => void): Poster {
  let waiting: ((status: number, body: string) => void) | undefined
  let status = 0
  let body = ''
  const line = openLine(
    port,
    {
      onHead(code) {
        status = code
        body = ''
      },
      onBody(bytes, from, to) {
        body += bytes.toString('latin1', from, to)
      },
      onEnd() {
        const answered = waiting
        waiting = undefined
        answered?.(status, body)
      },
    },
    onFailure,
  )
  return {
    get busy() {
      return waiting !== undefined
    },
    send(request, onAnswer) {
      if (waiting !== undefined) throw new Error('one request at a time')
      waiting = onAnswer
      line.write(request)
    },
    close: () => line.close(),
  }
}

/** Sends requests over a few connections and answers their bodies in order. @throws at the first that is refused */
export async function sendAll(
  port: number,
  requests: readonly string[],
  connections = 16,
): Promise<string[]> {
  const bodies: string[] = []
  let next = 0
  await Promise.all(
    Array.from(
      { length: Math.min(connections, requests.length) },
      () =>
        new Promise<void>((resolve, reject) => {
          const poster = openPoster(port, reject)
          const sendNext = (): void => {
            const at = next++
            const request = requests[at]
            if (request === undefined) {
              poster.close()
              resolve()
              return
            }
            poster.send(request, (status, body) => {
              bodies[at] = body
              if (status >= 200 && status < 300) sendNext()
              else reject(new Error(`a request was answered ${status}: ${body.slice(0, 200)}`))
            })
          }
          sendNext()
        }),
    ),
  )
  return bodies
}
