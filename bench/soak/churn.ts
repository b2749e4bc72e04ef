import { createDialect, epochOf, type Address } from '../server/generator/dialect.ts'
import { openPoster, sendAll, type Poster } from '../server/generator/poster.ts'
import { openReader } from '../server/generator/reader.ts'

export interface Churn {
  /** @throws the first thing that went wrong */
  check(): void
  /** Lets everybody leave. @throws like `check` */
  stop(): Promise<{ readonly visits: number; readonly events: number }>
}

interface Stream {
  readonly number: number
  readonly poster: Poster
  readonly epoch: string
  published: number
}

const STREAMS = 40
const VISITORS = 60
const PAUSE_MS = 20
/** How far back a reader may resume. */
const BACK = 300
const STAY_MS = 400

/** Writers that never stop, and readers who resume, stay for a moment and leave. */
export async function startChurn(address: Address, random: () => number): Promise<Churn> {
  const dialect = createDialect(address)
  const { create, resume } = dialect
  if (create === undefined || resume === undefined)
    throw new Error('only a server with cursors can be soaked')
  let failure: Error | undefined
  let stopping = false
  let visits = 0
  let events = 0
  const fail = (error: Error): void => {
    if (!stopping) failure ??= error
  }
  const numbers = Array.from({ length: STREAMS }, (_, number) => number)
  await sendAll(address.port, numbers.map(create))
  const answers = await sendAll(
    address.port,
    numbers.map((stream) => dialect.publish({ stream, label: stream }, 0, 1)),
  )
  const streams = numbers.map((number): Stream => ({
    number,
    poster: openPoster(address.port, fail),
    epoch: epochOf(answers[number] ?? ''),
    published: 1,
  }))

  const write = async (stream: Stream): Promise<void> => {
    while (!stopping && failure === undefined) {
      const request = dialect.publish({ stream: stream.number, label: stream.number }, stream.published, 1)
      const status = await new Promise<number>((resolve) => stream.poster.send(request, resolve))
      if (status !== 200) fail(new Error(`an event was answered ${status}`))
      stream.published += 1
      await wait(random() * PAUSE_MS * 2)
    }
  }
  const visit = async (): Promise<void> => {
    while (!stopping && failure === undefined) {
      const stream = streams[Math.floor(random() * STREAMS)]
      if (stream === undefined) return
      const offset = Math.max(0, stream.published - Math.floor(random() * BACK))
      const reader = openReader({
        port: address.port,
        request: resume(stream.number, `${stream.epoch}-${offset}`),
        labels: [stream.number, 1],
        next: offset,
        ready: dialect.ready,
        onEvent: () => (events += 1),
        onFailure: fail,
      })
      await reader.ready.catch(fail)
      await wait(random() * STAY_MS)
      reader.close()
      visits += 1
    }
  }
  const running = Promise.all([...streams.map(write), ...Array.from({ length: VISITORS }, visit)])
  const check = (): void => {
    if (failure !== undefined) throw failure
  }
  return {
    check,
    async stop() {
      stopping = true
      await running
      for (const { poster } of streams) poster.close()
      check()
      return { visits, events }
    },
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
