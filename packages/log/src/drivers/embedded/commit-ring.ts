import { cannotOpen } from './failures.ts'
import { BASE_KEY, COMMIT_RING, commitKey, under } from './keys.ts'
import { seal, unseal } from './seal.ts'
import { pages, type Store, type StoreChange, type StoreReader } from './store.ts'

/** Number of the last commit, and those before it that left no trace though they must have. */
export async function readCommits(store: StoreReader): Promise<{ last: number; lost: number }> {
  const commits: number[] = []
  for await (const page of pages(store.entries(under('c')), 5_000)) {
    for (const [key, sealed] of page) {
      const commit = Number(unseal(key, sealed))
      if (commitKey(commit) === key) commits.push(commit)
    }
  }
  const base = Number((await store.get(BASE_KEY)) ?? 0)
  const last = commits.reduce((most, commit) => Math.max(most, commit), base)
  const expected = Math.min(last - base, COMMIT_RING)
  const found = commits.filter((commit) => commit > last - expected).length
  return { last, lost: expected - found }
}

/** @throws `server_error` when a commit is missing before the last: the journal was cut in the middle */
export async function checkCommits(store: StoreReader): Promise<number> {
  const { last, lost } = await readCommits(store)
  if (lost > 0) {
    throw cannotOpen(
      `The log is damaged: ${String(lost)} of its last writes are missing. Run the data check, or restore a backup.`,
    )
  }
  return last
}

/** Of format 1. */
const NARROW_RING = 65_536

/** From format 1 to 2: the same traces in a ring of twice as many places, so that a lost write is still found lost. */
export async function widenRing(store: Store): Promise<void> {
  const narrowKey = (commit: number): string => `c!${String(commit % NARROW_RING).padStart(5, '0')}`
  let last = Number((await store.get(BASE_KEY)) ?? 0)
  const base = last
  const changes: StoreChange[] = []
  for await (const page of pages(store.entries(under('c')), 5_000)) {
    for (const [key, sealed] of page) {
      const text = unseal(key, sealed)
      const commit = Number(text)
      last = Math.max(last, commit)
      if (key !== narrowKey(commit)) continue
      const wide = commitKey(commit)
      changes.push({ type: 'put', key: wide, value: seal(wide, text) }, { type: 'del', key })
    }
  }
  const firstTraced = Math.max(base, last - NARROW_RING)
  changes.push({ type: 'put', key: BASE_KEY, value: String(firstTraced) })
  await store.write(changes, { sync: true })
}
