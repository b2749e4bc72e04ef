import { cannotOpen } from './failures.ts'
import { BASE_KEY, COMMIT_RING, commitKey, under } from './keys.ts'
import { unseal } from './seal.ts'
import { pages, type StoreReader } from './store.ts'

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
