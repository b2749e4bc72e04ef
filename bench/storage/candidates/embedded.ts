import { createEventLog } from '@throughline/log'
import { openEmbedded } from '@throughline/log/embedded'
import { BODY, STREAMS, type OpenCandidate } from '../workload.ts'

const { type, data } = JSON.parse(BODY) as { type: string; data: unknown }
const DRAFT = { type, data }

/** What is shipped: the event log over the embedded driver, from draft to acknowledgement and hint. */
export const openEmbeddedLog: OpenCandidate = async ({ directory, sync }) => {
  const driver = await openEmbedded({ directory, durability: sync ? 'fsync' : 'os' })
  const log = createEventLog({ driver })
  const names = Array.from({ length: STREAMS + 1 }, (_, at) => `session-${String(at).padStart(4, '0')}`)
  const session = {
    userId: 'u',
    title: '',
    renamed: false,
    archived: false,
    createdAt: 1,
    updatedAt: 1,
    deletedAt: null,
  }
  for (const id of names) await driver.sessions.create({ ...session, id })
  const nameOf = (stream: number): string => names[stream] ?? ''
  return {
    name: 'embedded driver with event log',
    append: (stream) => log.append(nameOf(stream), [DRAFT]),
    appendMany: (stream, count) =>
      log.append(
        nameOf(stream),
        Array.from({ length: count }, () => DRAFT),
      ),
    async readAll(stream) {
      let found = 0
      let page = await log.read(nameOf(stream), 'start')
      while (page.events.length > 0) {
        found += page.events.length
        page = await log.read(nameOf(stream), { epoch: page.epoch, offset: page.events.at(-1)?.offset ?? 0 })
      }
      return found
    },
    async close() {
      await log.close()
      await driver.dispose()
    },
  }
}
