import { expect, test } from 'vitest'
import { runRolling } from '../harness/rolling.ts'
import { testRandom } from '../harness/seed.ts'

/** `npm run soak -- --cluster --minutes 1` does it for a minute, and for as long as asked. */
const FOR_MS = 10_000

test('E6 C1 P5 300 subscribers on 100 sessions while three nodes die one after the other and Redis once: exactly once, in order', async () => {
  const { kills, stops, connects } = await runRolling({
    random: testRandom(),
    forMs: FOR_MS,
    sessions: 100,
    readers: 3,
  })
  expect(kills + stops).toBeGreaterThanOrEqual(3)
  expect(connects).toBeGreaterThan(300)
}, 240_000)
