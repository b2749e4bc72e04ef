import { openEnvelope } from '../event-log.ts'
import type { EventLog } from '../event-log.ts'
import type { LogPage } from '../log-driver.ts'

/** The stream that the names of streams with work to do are written to; no session may have such a name. */
const ROSTER_STREAM = '__retention'

const PAGE = 200

/** One line of the roster. */
export interface RosterEntry {
  readonly stream: string
  readonly offset: number
}

/** Which streams have work to do, kept in a stream of the log itself, so that a restart forgets none. */
export interface Roster {
  open(): Promise<void>
  add(streams: readonly string[]): Promise<void>
  /** Every entry, a page at a time; those whose offsets `done` answers are removed. */
  walk(done: (entries: readonly RosterEntry[]) => Promise<readonly number[]>): Promise<void>
}

export function createRoster(log: EventLog, now: () => number): Roster {
  const { driver } = log

  const remove = async (offsets: readonly number[]): Promise<void> => {
    // The newest event of a stream always stays.
    const { offset: head } = await driver.head(ROSTER_STREAM)
    const removable = offsets.filter((offset) => offset < head)
    if (removable.length > 0) await driver.compact(ROSTER_STREAM, removable)
  }

  return {
    async open() {
      const at = now()
      await driver.sessions.create({
        id: ROSTER_STREAM,
        userId: 'the server',
        title: '',
        renamed: false,
        archived: false,
        createdAt: at,
        updatedAt: at,
        deletedAt: null,
      })
    },
    async add(streams) {
      for (let at = 0; at < streams.length; at += PAGE) {
        const drafts = streams
          .slice(at, at + PAGE)
          .map((stream) => ({ type: 'stream_changed', data: { stream } }))
        await log.append(ROSTER_STREAM, drafts)
      }
    },
    async walk(done) {
      let page = await driver.read(ROSTER_STREAM, 'start', { maxEvents: PAGE })
      for (let last = page.events.at(-1); last !== undefined; last = page.events.at(-1)) {
        await remove(await done(entriesOf(page)))
        if (last.offset >= page.head.offset) return
        page = await driver.read(
          ROSTER_STREAM,
          { epoch: page.epoch, offset: last.offset },
          { maxEvents: PAGE },
        )
      }
    },
  }
}

/** Whether a stream is one of the server's own. */
export function isInternal(stream: string): boolean {
  return stream.startsWith('__')
}

function entriesOf({ events, epoch }: LogPage): RosterEntry[] {
  return events.map((event) => {
    const { data } = openEnvelope(event, epoch)
    const isNamed = typeof data === 'object' && data !== null && 'stream' in data
    return { stream: isNamed ? String(data.stream) : '', offset: event.offset }
  })
}
