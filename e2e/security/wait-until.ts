import { setTimeout as wait } from 'node:timers/promises'

const DEADLINE_MS = 90_000
const LOOK_MS = 50

/** Looks until it holds. @throws when it does not in good time */
export async function waitUntil(test: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS
  while (!(await test())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`)
    await wait(LOOK_MS)
  }
}
