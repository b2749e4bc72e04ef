import { expect, test } from 'vitest'
import { laterPatches } from './later-patches.mjs'

test('a later patch of the installed line is told once, another line is not', () => {
  const lodging = { current: '1.2.3', latest: '1.2.10' }
  expect(
    laterPatches({
      lodging: [lodging, lodging],
      newer: { current: '1.2.3', latest: '1.3.0' },
      older: { current: '1.2.3', latest: '1.2.1' },
      beta: { current: '1.2.3', latest: '1.2.4-beta.1' },
      missing: { latest: '1.2.4' },
    }),
  ).toEqual(['lodging 1.2.3 has a later patch: 1.2.10'])
  for (const nothing of [{}, null]) expect(laterPatches(nothing)).toEqual([])
})
