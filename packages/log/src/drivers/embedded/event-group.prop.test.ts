import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StoredEvent } from '../../log-driver.ts'
import { groupsOf, sealGroup, unsealGroup, type EventGroup } from './event-group.ts'
import { sealPlace } from './seal.ts'

const PLACE = sealPlace('a')

/** What a body may hold, the separators among it. */
const body = fc.oneof(
  fc.json(),
  fc.string({ unit: fc.constantFrom(';', ':', '*', ',', '1', '"', '\n', 'é', '🙂'), maxLength: 40 }),
)
const events = fc
  .array(
    fc.record({ body, gap: fc.integer({ min: 0, max: 2 }), type: fc.constantFrom('a', 'message_chunk') }),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .map((drafts) => {
    const placed: StoredEvent[] = []
    for (const { body: text, gap, type } of drafts) {
      const before = placed.at(-1)?.offset ?? 0
      const offset = before + 1 + gap
      placed.push(gap === 0 ? { offset, type, body: text } : { offset, prev: before, type, body: text })
    }
    return placed
  })
const mark = fc.option(
  fc.record({ producerId: fc.constantFrom('p', 'q-1'), producerSeq: fc.integer({ min: 1, max: 10 ** 12 }) }),
  { nil: undefined },
)
const group = fc.record({ events, mark })

test('C2 a group is read as it was written, under its place only, and with no character changed', () => {
  fc.assert(
    fc.property(group, fc.nat(), (written: EventGroup, at) => {
      const value = sealGroup(PLACE, written)
      expect(unsealGroup(PLACE, value)).toEqual(written)
      expect(() => unsealGroup(sealPlace('b'), value)).toThrow('damaged')
      const changed = at % value.length
      const other = value[changed] === 'x' ? 'y' : 'x'
      expect(() => unsealGroup(PLACE, value.slice(0, changed) + other + value.slice(changed + 1))).toThrow(
        'damaged',
      )
    }),
  )
})

test('S1 an append is cut into groups of bounded length, in order, and the last one has the mark', () => {
  const padded = fc.record({ group, padding: fc.integer({ min: 0, max: 20_000 }) })
  fc.assert(
    fc.property(padded, ({ group: { events: some, mark: marked }, padding }) => {
      const before = 'x'.repeat(padding)
      const append = { events: some.map((event) => ({ ...event, body: before + event.body })), mark: marked }
      const groups = groupsOf(append)
      expect(groups.flatMap((one) => one.events)).toEqual(append.events)
      expect(groups.map((one) => one.mark)).toEqual([...groups.slice(1).map(() => undefined), marked])
      for (const { events: held } of groups) {
        const length = held.reduce((sum, event) => sum + event.body.length, 0)
        expect(held.length === 1 || length <= 16_384).toBe(true)
      }
    }),
  )
})

test('an append without events is no group', () => {
  expect(groupsOf({ events: [] })).toEqual([])
})
