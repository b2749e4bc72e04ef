import { request } from 'node:http'

export interface LineSender {
  readonly url: string
  readonly token: string
  readonly sessionId: string
}

interface Line {
  readonly type: string
  readonly data: unknown
}

const TICK_MS = 5
let producers = 0

/** Sends events as one NDJSON body, `perSecond` of them by the clock; 0 = as fast as they are taken. @throws unless 200 */
export async function sendLines(
  { url, token, sessionId }: LineSender,
  lines: readonly Line[],
  perSecond: number,
): Promise<void> {
  const asked = request(`${url}/api/sessions/${sessionId}/events?producerId=bench-${(producers += 1)}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
  })
  const answered = new Promise<number>((resolve, reject) => {
    asked.on('error', reject)
    asked.on('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
  })
  const began = performance.now()
  for (let next = 0; next < lines.length;) {
    const elapsed = (performance.now() - began) / 1_000
    const due = perSecond === 0 ? next + 500 : Math.ceil(elapsed * perSecond)
    for (; next < Math.min(due, lines.length); next += 1) {
      asked.write(`${JSON.stringify({ producerSeq: next + 1, ...lines[next] })}\n`)
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS))
  }
  asked.end()
  const status = await answered
  if (status !== 200) throw new Error(`lines were answered ${status}`)
}
