import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Ring } from './ring.ts'
import { RingBudget } from './ring-budget.ts'

const text = new TextDecoder()

function ample(): RingBudget {
  return new RingBudget(Number.MAX_SAFE_INTEGER)
}

it('gives every reader it covers exactly what follows, in whole frames, and stays within its bytes', () => {
  const sizes = fc.array(fc.oneof(fc.nat(60), fc.nat(3_000)), { minLength: 1, maxLength: 120 })
  fc.assert(
    fc.property(sizes, fc.integer({ min: 4_096, max: 20_000 }), fc.nat(50), (lengths, maxBytes, start) => {
      const ring = new Ring(start, maxBytes, ample())
      const frames = lengths.map((length, i) => `<${String(start + i + 1)}:${'é'.repeat(length)}>`)
      frames.forEach((frame, i) => {
        expect(ring.push(start + i + 1, frame)).toBe(new TextEncoder().encode(frame).length)
        expect(ring.bytes).toBeLessThanOrEqual(Math.max(maxBytes, 9_000))
      })
      expect(ring.head).toBe(start + frames.length)
      expect(ring.find(ring.head)).toBeUndefined()
      expect(ring.find(ring.after - 1)).toBeUndefined()
      for (let at = ring.after; at < ring.head; at++) {
        let place = at
        let got = ''
        for (let slab = ring.find(place); slab !== undefined; slab = ring.find(place)) {
          got += text.decode(slab.slice(place))
          expect(slab.last).toBeGreaterThan(place)
          place = slab.last
        }
        expect(got).toBe(frames.slice(at - start).join(''))
      }
    }),
    { numRuns: 100 },
  )
})

it('never changes bytes that were given out', () => {
  const ring = new Ring(0, 4_096, ample())
  ring.push(1, 'first')
  const given = ring.find(0)?.slice(0) ?? new Uint8Array()
  for (let offset = 2; offset < 2_000; offset++) ring.push(offset, `frame ${String(offset)}`)
  expect(text.decode(given)).toBe('first')
})

it('gives readers at the same place the same object, so that a sink frames it once', () => {
  const ring = new Ring(0, 4_096, ample())
  ring.push(1, 'one')
  ring.push(2, 'two')
  expect(ring.find(1)?.slice(1)).toBe(ring.find(1)?.slice(1))
  const before = ring.find(1)?.slice(1)
  ring.push(3, 'three')
  expect(ring.find(1)?.slice(1)).not.toBe(before)
})

it('S1 all rings together stay within their bytes: who has not grown for longest gives its oldest first', () => {
  const MAX = 100_000
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(29), fc.nat(4_000)), { minLength: 200, maxLength: 400 }),
      (growth) => {
        const budget = new RingBudget(MAX)
        const rings = Array.from({ length: 30 }, () => new Ring(0, 40_000, budget))
        const frames = rings.map((): string[] => [''])
        for (const [at, length] of growth) {
          const ring = rings[at]!
          const frame = `<${String(ring.head + 1)}:${'x'.repeat(length)}>`
          frames[at]!.push(frame)
          ring.push(ring.head + 1, frame)
          expect(budget.bytes).toBe(rings.reduce((sum, { bytes }) => sum + bytes, 0))
          expect(budget.bytes).toBeLessThanOrEqual(MAX)
          // What grows has at least what came last.
          expect(ring.find(ring.head - 1)).toBeDefined()
        }
        rings.forEach((ring, at) => {
          expect(ring.head).toBe(frames[at]!.length - 1)
          let place = ring.after
          let got = ''
          for (let slab = ring.find(place); slab !== undefined; slab = ring.find(place)) {
            got += text.decode(slab.slice(place))
            place = slab.last
          }
          expect(got).toBe(frames[at]!.slice(ring.after + 1).join(''))
          ring.close()
        })
        expect(budget.bytes).toBe(0)
      },
    ),
    { numRuns: 40 },
  )
})
