import { expect, test } from 'vitest'
import { EventCheck } from './event-check.ts'
import { payload, PAYLOAD_BYTES } from './payload.ts'

const frame = (label: number, number: number): string =>
  `id: ${number}\nevent: token\ndata: {"data":"${payload(label, number)}"}\n\n`

function check(text: string, cut: number, label = 7): number[] {
  const seen: number[] = []
  const events = new EventCheck({ first: label, count: 2 }, (_, number) => seen.push(number))
  const bytes = Buffer.from(text, 'latin1')
  events.take(bytes, 0, cut)
  events.take(bytes, cut, bytes.length)
  return seen
}

test('a payload has its size and follows from its numbers', () => {
  expect(payload(7, 3)).toHaveLength(PAYLOAD_BYTES)
  expect(payload(7, 3)).toBe(payload(7, 3))
  expect(payload(7, 3)).not.toBe(payload(7, 4))
})

test('events are counted wherever the bytes are cut', () => {
  const text = frame(7, 0) + frame(7, 1) + frame(7, 2)
  for (let cut = 0; cut <= text.length; cut += 1) expect(check(text, cut)).toEqual([0, 1, 2])
})

test('sources that share a stream are counted each for itself', () => {
  expect(check(frame(7, 0) + frame(8, 0) + frame(8, 1) + frame(7, 1), 10)).toEqual([0, 0, 1, 1])
})

test('a gap, a repeat, a foreign event and a changed letter are refused', () => {
  expect(() => check(frame(7, 0) + frame(7, 2), 10)).toThrow('event 1 was due')
  expect(() => check(frame(7, 0) + frame(7, 0), 10)).toThrow('event 1 was due')
  expect(() => check(frame(9, 0), 10)).toThrow('another stream')
  const changed = frame(7, 0).split('')
  changed[150] = changed[150] === 'x' ? 'y' : 'x'
  expect(() => check(changed.join(''), 10)).toThrow('event 0 was due')
})
