import { createDialect, type Address } from './dialect.ts'
import { startMeter, type Spent } from './meter.ts'
import { sendAll } from './poster.ts'
import { openReader } from './reader.ts'

export interface ReplayJob {
  readonly kind: 'replay'
  readonly address: Address
  readonly pids: readonly number[]
  /** Of one stream. */
  readonly events: number
  readonly readers: number
  /** Events of a POST; 1 where there are no batches. */
  readonly batch: number
}

export interface Replayed extends Spent {
  readonly kind: 'replay'
  readonly deliveries: number
}

/** Readers who come at once and read one stream from its beginning to its end. */
export async function replay({ address, pids, events, readers, batch }: ReplayJob): Promise<Replayed> {
  const dialect = createDialect(address)
  const { create, replay: from } = dialect
  if (from === undefined) throw new Error('this server has no history')
  if (create !== undefined) await sendAll(address.port, [create(0)])
  const requests = Array.from({ length: events / batch }, (_, at) =>
    dialect.publish({ stream: 0, label: 0 }, at * batch, batch),
  )
  const answers = await sendAll(address.port, requests, 1)
  const request = from(0, answers.at(-1) ?? '')
  const readAll = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const reader = openReader({
        port: address.port,
        request,
        ready: undefined,
        onEvent(_label, number) {
          if (number !== events - 1) return
          reader.close()
          resolve()
        },
        onFailure: reject,
      })
      reader.ready.catch(reject)
    })
  // Once before, so that no first call is measured.
  await readAll()
  const stopMeter = startMeter(pids)
  await Promise.all(Array.from({ length: readers }, readAll))
  return { kind: 'replay', ...stopMeter(), deliveries: events * readers }
}
