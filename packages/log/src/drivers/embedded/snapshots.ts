import type { LogDriver, StoredSnapshot } from '../../log-driver.ts'
import { checkSnapshot, replacesSnapshot } from '../rules/snapshots.ts'
import type { EmbeddedContext } from './context.ts'
import { snapshotKey } from './keys.ts'
import { seal, unseal } from './seal.ts'
import type { StreamCell } from './stream-cell.ts'

/** Snapshots, one for each stream: `reducerVersion;offset;state`. */
export function createSnapshots({
  store,
  commits,
  streams,
}: EmbeddedContext): Pick<LogDriver, 'saveSnapshot' | 'loadSnapshot'> {
  const load = async (cell: StreamCell): Promise<StoredSnapshot | undefined> => {
    const key = snapshotKey(cell.name)
    const sealed = await store.get(key)
    return sealed === undefined ? undefined : parse(unseal(key, sealed), cell)
  }

  return {
    saveSnapshot: (name, snapshot, { apart } = {}) =>
      streams.with(
        name,
        (cell) => {
          checkSnapshot({ ...cell, head: cell.writtenHead }, snapshot)
          if (!replacesSnapshot(cell.snapshot ?? undefined, snapshot, apart)) return commits.settled()
          const key = snapshotKey(name)
          const { position, reducerVersion, state } = snapshot
          const batch = commits.batch()
          batch.put(key, seal(key, `${String(reducerVersion)};${String(position.offset)};${state}`))
          cell.snapshot = { position, reducerVersion }
          return batch.done(() => undefined)
        },
        (cell) => {
          if (cell.snapshot !== undefined) return undefined
          return load(cell).then((kept) => {
            cell.snapshot =
              kept === undefined ? null : { position: kept.position, reducerVersion: kept.reducerVersion }
          })
        },
      ),
    loadSnapshot: (name) => streams.with(name, load),
  }
}

/** The offset counts, whatever the epoch was called then: a new generation keeps offsets and events. */
function parse(text: string, cell: StreamCell): StoredSnapshot {
  const afterVersion = text.indexOf(';')
  const afterOffset = text.indexOf(';', afterVersion + 1)
  return {
    reducerVersion: Number(text.slice(0, afterVersion)),
    position: { epoch: cell.epoch, offset: Number(text.slice(afterVersion + 1, afterOffset)) },
    state: text.slice(afterOffset + 1),
  }
}
