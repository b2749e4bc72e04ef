import { residentBytes } from '../../harness/process-accounting.ts'
import { createDialect, type Address } from './dialect.ts'
import { sendAll } from './poster.ts'
import { openReaders } from './reader.ts'

export interface IdleJob {
  readonly kind: 'idle'
  readonly address: Address
  readonly pids: readonly number[]
  readonly connections: number
  readonly settleMs: number
}

export interface Idled {
  readonly kind: 'idle'
  readonly bytesPerConnection: number
}

/** Readers that come and go first, so that what the server loads with the first of them is not counted. */
const WARM_UP_READERS = 200

/** Memory for readers to whom nothing is sent, each of a stream of its own. */
export async function idle({ address, pids, connections, settleMs }: IdleJob): Promise<Idled> {
  const dialect = createDialect(address)
  const streams = Array.from({ length: connections }, (_, stream) => stream)
  const { create } = dialect
  if (create !== undefined) await sendAll(address.port, streams.map(create))
  let failure: Error | undefined
  const options = streams.map((stream) => ({
    port: address.port,
    request: dialect.subscribe(stream),
    ready: dialect.ready,
    onEvent: () => undefined,
    onFailure: (error: Error) => {
      failure ??= error
    },
  }))
  for (const reader of await openReaders(options.slice(0, WARM_UP_READERS))) reader.close()
  await wait(settleMs)
  const before = residentBytes(pids)
  const readers = await openReaders(options)
  await wait(settleMs)
  const after = residentBytes(pids)
  for (const reader of readers) reader.close()
  if (failure !== undefined) throw failure
  return { kind: 'idle', bytesPerConnection: (after - before) / connections }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
