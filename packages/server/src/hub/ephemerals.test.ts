import { expect, it } from 'vitest'
import type { Envelope } from '@throughline/protocol'
import { Ephemerals } from './ephemerals.ts'

const sign = (type: string, agentId: string, runId = 'r'): Envelope => ({
  type,
  data: {},
  timestamp: 1,
  sessionId: 'a',
  agentId,
  runId,
})
const seen = (signs: Ephemerals, version: number, now: number): string[] =>
  [...signs.since(version, now)].map(
    ({ frame }) => /"agentId":"(\w+)"/.exec(new TextDecoder().decode(frame))?.[1] ?? '',
  )

it('keeps the latest sign of each type and agent, for readers who have not seen it', () => {
  const signs = new Ephemerals()
  signs.set(sign('typing_indicator', 'x'), 0)
  signs.set(sign('typing_indicator', 'y'), 0)
  const { version } = signs
  signs.set(sign('typing_indicator', 'x'), 0)
  expect(seen(signs, 0, 0)).toEqual(['y', 'x'])
  expect(seen(signs, version, 0)).toEqual(['x'])
  expect(seen(signs, signs.version, 0)).toEqual([])
})

it('lets signs lapse after 10 s or with their run', () => {
  const signs = new Ephemerals()
  signs.set(sign('thinking_status', 'x', 'r1'), 0)
  signs.set(sign('thinking_status', 'y', 'r2'), 5_000)
  expect(seen(signs, 0, 9_999)).toEqual(['x', 'y'])
  expect(seen(signs, 0, 10_000)).toEqual(['y'])
  signs.sweep(10_000)
  expect(signs.size).toBe(1)
  signs.endRun('r2')
  expect(signs.size).toBe(0)
})

it('is bounded: the oldest sign makes room', () => {
  const signs = new Ephemerals()
  for (let agent = 0; agent < 100; agent++) signs.set(sign('typing_indicator', `a${String(agent)}`), 0)
  expect(signs.size).toBe(64)
  expect(seen(signs, 0, 0)[0]).toBe('a36')
})
