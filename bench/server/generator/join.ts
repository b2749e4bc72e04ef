import { median } from '../../harness/statistics.ts'
import { createDialect, sessionOf, type Address } from './dialect.ts'
import { openLine } from './line.ts'
import { startMeter } from './meter.ts'
import { sendAll } from './poster.ts'

export interface FillJob {
  readonly kind: 'fill'
  readonly address: Address
  readonly pids: readonly number[]
  /** Length of the session, in events. */
  readonly events: number
}

export interface Filled {
  readonly kind: 'fill'
}

export interface JoinJob {
  readonly kind: 'join'
  readonly address: Address
  readonly pids: readonly number[]
  readonly joins: number
}

export interface Joined {
  readonly kind: 'join'
  /** The first join of all, from the request to `caught_up`. */
  readonly firstMs: number
  /** The median of the others. */
  readonly laterMs: number
  readonly cpuMsPerJoin: number
}

const MESSAGE_EVENTS = 200
const POST_EVENTS = 1_000
const FIRST_WORDS = 'Some words of an answer '

/** Fills a session with answers, each begun, written in chunks and completed. */
export async function fill({ address, events }: FillJob): Promise<Filled> {
  const { create } = createDialect(address)
  if (create !== undefined) await sendAll(address.port, [create(0)])
  const drafts = Array.from({ length: events }, (_, at) => draftAt(at))
  const bodies: string[] = []
  for (let from = 0; from < events; from += POST_EVENTS) {
    const some = drafts.slice(from, from + POST_EVENTS).join(',')
    bodies.push(`{"producerId":"bench","producerSeq":${bodies.length + 1},"events":[${some}]}`)
  }
  const head =
    `POST /api/sessions/${sessionOf(0)}/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n` +
    `Authorization: Bearer ${address.tokens?.producer ?? ''}\r\n`
  await sendAll(
    address.port,
    bodies.map((body) => `${head}Content-Length: ${body.length}\r\n\r\n${body}`),
    1,
  )
  return { kind: 'fill' }
}

function draftAt(at: number): string {
  const messageId = `m${Math.floor(at / MESSAGE_EVENTS)}`
  const place = at % MESSAGE_EVENTS
  const data =
    place === 0
      ? { messageId, role: 'assistant' }
      : place === MESSAGE_EVENTS - 1
        ? { messageId, sessionId: sessionOf(0), finalContent: FIRST_WORDS.repeat(MESSAGE_EVENTS - 2) }
        : { messageId, content: FIRST_WORDS, isComplete: false }
  const type =
    place === 0 ? 'message_started' : place === MESSAGE_EVENTS - 1 ? 'message_completed' : 'message_chunk'
  return JSON.stringify({ type, data })
}

/** Joins the session without a cursor, one join after the other. */
export async function join({ address, pids, joins }: JoinJob): Promise<Joined> {
  const dialect = createDialect(address)
  const firstMs = await joinOnce(address.port, dialect.subscribe(0), dialect.ready ?? '')
  const stopMeter = startMeter(pids)
  const times: number[] = []
  for (let count = 0; count < joins; count += 1) {
    times.push(await joinOnce(address.port, dialect.subscribe(0), dialect.ready ?? ''))
  }
  return { kind: 'join', firstMs, laterMs: median(times), cpuMsPerJoin: stopMeter().serverCpuMs / joins }
}

/** Time from the request to the end of what a joining reader is given. @throws unless a snapshot was in it */
function joinOnce(port: number, request: string, ready: string): Promise<number> {
  const mark = Buffer.from(ready)
  return new Promise((resolve, reject) => {
    const began = performance.now()
    let hasSnapshot = false
    const line = openLine(
      port,
      {
        onHead(status) {
          if (status !== 200) reject(new Error(`a join was answered ${status}`))
        },
        onBody(bytes, from, to) {
          const body = bytes.subarray(from, to)
          hasSnapshot ||= body.includes('event: snapshot')
          if (!body.includes(mark)) return
          line.close()
          if (hasSnapshot) resolve(performance.now() - began)
          else reject(new Error('a join got no snapshot'))
        },
        onEnd: () => reject(new Error('a join was sent away')),
      },
      reject,
    )
    line.write(request)
  })
}
