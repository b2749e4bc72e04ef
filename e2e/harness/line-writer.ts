import { request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { ApiUser } from './api.ts'

/** A producer that streams lines `{n: 1}`, `{n: 2}` … in bodies that only end when something breaks. */
export interface LineWriter {
  readonly sessionId: string
  /** Bodies begun. */
  readonly connections: number
  /** How many lines the hub has, once stopped. */
  sent(): number
  /** Ends the body and waits until the hub answered for it. @throws when a line was refused */
  stop(): Promise<void>
}

const LINES_AT_ONCE = 5
const PAUSE_MS = 5

/** Writes until stopped; after each break it asks how far it got, and goes on from there. */
export function startLineWriter(user: ApiUser, sessionId: string, producerId: string): LineWriter {
  let reached = 0
  let connections = 0
  let stopping = false

  const progress = async (): Promise<number | undefined> => {
    const path = `/api/sessions/${sessionId}/producers/${producerId}`
    try {
      return (await user.json<{ producerSeq: number }>('GET', path)).producerSeq
    } catch {
      return undefined
    }
  }
  /** One body. Resolves with the last line the hub answered for, or `undefined` when it broke. */
  const writeBody = async (first: number): Promise<number | undefined> => {
    connections += 1
    const asked = request(`${user.url}/api/sessions/${sessionId}/events?producerId=${producerId}`, {
      method: 'POST',
      agent: false,
      headers: { authorization: `Bearer ${user.token}`, 'content-type': 'application/x-ndjson' },
    })
    let broken = false
    const answered = new Promise<number | undefined>((resolve) => {
      asked.on('response', (response) => {
        let text = ''
        response.on('data', (bytes: Buffer) => {
          text += bytes.toString()
        })
        response.on('error', () => resolve(undefined))
        response.on('end', () => {
          const { producerSeq } = JSON.parse(text) as { producerSeq?: number }
          resolve(response.statusCode === 200 ? producerSeq : undefined)
        })
      })
      asked.on('error', () => resolve(undefined))
    })
    void answered.then(() => {
      broken = true
    })
    for (let n = first; !stopping && !broken;) {
      for (let line = 0; line < LINES_AT_ONCE; line += 1, n += 1) {
        asked.write(`${JSON.stringify({ producerSeq: n, type: 'my_line', data: { n } })}\n`)
      }
      await wait(PAUSE_MS)
    }
    asked.end()
    return answered
  }
  const run = async (): Promise<void> => {
    for (;;) {
      const had = await progress()
      if (had === undefined) {
        await wait(PAUSE_MS)
        continue
      }
      if (had < reached) throw new Error(`the hub forgot lines after ${had}; it had ${reached}`)
      reached = had
      const answered = await writeBody(had + 1)
      if (answered !== undefined && stopping) {
        reached = Math.max(reached, answered)
        return
      }
    }
  }
  const running = run()
  running.catch(() => undefined)
  return {
    sessionId,
    get connections() {
      return connections
    },
    sent: () => reached,
    async stop() {
      stopping = true
      await running
    },
  }
}
