import fc from 'fast-check'
import { createSseDecoder, parseEnvelope, type Frame } from '@throughline/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dig, digList } from '../testing/dig.ts'
import { startService, type TestService } from '../testing/service.ts'

/** What ends a line, a field or a text somewhere, and half of a character. */
const nasty = fc
  .array(
    fc.constantFrom(
      '\r',
      '\n',
      '\r\n',
      '\0',
      '\u2028',
      '\u2029',
      '\ud800',
      '\udc00',
      '\ufeff',
      ':',
      'data: x',
      '\n\n',
      'a',
      'é',
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(''))

/** Every place of an event that a producer writes. */
const PLACES = ['type', 'messageId', 'runId', 'agentId', 'parentId', 'key', 'value', 'nested'] as const

let hub: TestService
let frames: Frame[]
let epoch: string
const leaving = new AbortController()

beforeAll(async () => {
  hub = await startService({ env: { COALESCE_MS: '0' } })
  await hub.call('PUT', '/api/sessions/s')
  epoch = (await hub.driver.head('s')).epoch
  frames = []
  const decoder = createSseDecoder({ onFrame: (frame) => frames.push(frame) })
  const headers = { authorization: `Bearer ${await hub.token('ada')}` }
  const stream = await fetch(`${hub.url}/api/sse?sessionId=s&after=${epoch}-0`, {
    headers,
    signal: leaving.signal,
  })
  void (async () => {
    try {
      for await (const bytes of stream.body ?? []) decoder.push(bytes)
    } catch {
      // The test is over.
    }
  })()
})
afterAll(async () => {
  leaving.abort()
  await hub.close()
})

function eventWith(place: (typeof PLACES)[number], text: string): Record<string, unknown> {
  const event = { type: 'note', data: { plain: 'x' } }
  if (place === 'key') return { ...event, data: { [`k${text}`]: 1 } }
  if (place === 'value') return { ...event, data: text }
  if (place === 'nested') return { ...event, data: { a: [{ b: text }] } }
  return { ...event, [place]: text }
}

test('A6 any field of an event is refused or comes back as it was, alone in its frame, by stream and by poll', async () => {
  let producerSeq = 0
  let refused = 0
  const appended = (): Frame[] => frames.filter(({ id }) => id !== undefined && id !== '')
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...PLACES), nasty, async (place, text) => {
      const event = eventWith(place, text)
      const body = { producerId: 'p', producerSeq: producerSeq + 1, events: [event] }
      const { status } = await hub.call('POST', '/api/sessions/s/events', { scope: 'publish', body })
      if (status === 400) {
        refused += 1
        expect((await hub.driver.head('s')).offset).toBe(producerSeq)
        return
      }
      expect(status).toBe(200)
      producerSeq += 1
      const after = `${epoch}-${String(producerSeq - 1)}`
      const { json } = await hub.call('GET', `/api/sessions/s/updates?after=${after}`)
      expect(digList(json, 'events')).toHaveLength(1)
      expect(dig(json, 'events', 0)).toMatchObject({ ...event, id: `${epoch}-${String(producerSeq)}` })
      await expect.poll(() => appended().length).toBe(producerSeq)
      expect(parseEnvelope(appended().at(-1)?.data ?? '')).toEqual(dig(json, 'events', 0))
    }),
    { numRuns: 120 },
  )
  expect(refused).toBeGreaterThan(0)
  expect(producerSeq).toBeGreaterThan(0)
})
