import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rawRequest } from '../testing/raw-request.ts'
import { startService, type TestService } from '../testing/service.ts'
import { dig } from '../testing/dig.ts'

let hub: TestService

beforeAll(async () => {
  hub = await startService({ env: { MAX_EVENT_BYTES: '2048' } })
  await hub.call('PUT', '/api/sessions/s1')
})
afterAll(() => hub.close())

const send = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  hub.call('POST', '/api/sessions/s1/messages', { body, headers })
const publish = (event: unknown, producerId: string) =>
  hub.call('POST', '/api/sessions/s1/events', {
    scope: 'publish',
    body: { producerId, producerSeq: 1, events: [event] },
  })

describe('A10 a body', () => {
  test('that says it is too large is refused before a byte of it was sent', async () => {
    const { hostname, port } = new URL(hub.url)
    const socket = connect(Number(port), hostname)
    const head = [
      'POST /api/sessions/s1/messages HTTP/1.1',
      'Host: localhost',
      `Authorization: Bearer ${await hub.token('ada')}`,
      'Content-Type: application/json',
      'Content-Length: 10000000',
    ]
    socket.write(`${head.join('\r\n')}\r\n\r\n`)
    const answer = await new Promise<string>((resolve) => {
      socket.once('data', (data) => {
        resolve(data.toString())
      })
    })
    socket.destroy()
    expect(answer).toMatch(/^HTTP\/1.1 413 /)
  })

  test('that turns out too large is refused on the way', async () => {
    const body = JSON.stringify({ content: 'x'.repeat(300_000), clientMessageId: 'm' })
    const chunked = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < body.length; at += 50_000) {
          controller.enqueue(new TextEncoder().encode(body.slice(at, at + 50_000)))
        }
        controller.close()
      },
    })
    const init = {
      method: 'POST',
      body: chunked,
      duplex: 'half',
      headers: { authorization: `Bearer ${await hub.token('ada')}`, 'content-type': 'application/json' },
    }
    const response = await fetch(`${hub.url}/api/sessions/s1/messages`, init)
    expect([response.status, dig(await response.json(), 'title')]).toEqual([413, 'Content too large'])
  })

  test.each([
    ['no JSON', '{"content":'],
    ['nothing', ' '],
    ['a string', '"hi"'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a wrong type', '{"content":1,"clientMessageId":"m"}'],
    ['blank content', '{"content":"  ","clientMessageId":"m"}'],
    ['a bad id', '{"content":"x","clientMessageId":"a b"}'],
    ['an id too long for what is made of it', `{"content":"x","clientMessageId":"${'x'.repeat(57)}"}`],
    ['a parent of no message', '{"content":"x","clientMessageId":"m","parentId":"nobody"}'],
    ['brackets without end', `{"content":${'['.repeat(100_000)}`],
  ])('with %s is answered 400', async (_, body) => {
    const answer = await send(body, { 'content-type': 'application/json' })
    expect([answer.status, answer.json['code']]).toEqual([400, 'invalid_request'])
    expect(answer.text).not.toMatch(/SyntaxError|position|stack/)
  })

  test('in another encoding than UTF-8 is answered 400', async () => {
    const headers = { authorization: `Bearer ${await hub.token('ada')}`, 'content-type': 'application/json' }
    const body = Uint8Array.from([0x22, 0xff, 0xfe, 0x22])
    const answer = await rawRequest(`${hub.url}/api/sessions/s1/messages`, { method: 'POST', headers, body })
    expect(answer.status).toBe(400)
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonp'])(
    'of type %s is answered 415',
    async (type) => {
      const answer = await send('{"content":"x","clientMessageId":"m"}', { 'content-type': type })
      expect([answer.status, answer.json['title']]).toEqual([415, 'Unsupported media type'])
    },
  )

  test('with prototype keys changes nothing but is data, or is refused', async () => {
    const polluting =
      '{"content":"x","clientMessageId":"p1","__proto__":{"admin":true},"constructor":{"a":1}}'
    expect((await send(polluting, { 'content-type': 'application/json' })).status).toBe(202)
    expect(dig({}, 'admin')).toBeUndefined()
    const answer = await publish(JSON.parse('{"type":"note","data":{"__proto__":{"admin":true}}}'), 'p2')
    expect(answer.status).toBe(400)
  })

  test('nested too deep is refused before it is parsed', async () => {
    const depth = (levels: number) => `{"content":${'['.repeat(levels)}${']'.repeat(levels)}}`
    const headers = { 'content-type': 'application/json' }
    expect((await send(depth(64), headers)).json['detail']).toContain('nested')
    expect((await send(depth(63), headers)).json['detail']).not.toContain('nested')
    expect((await send(`{"content":"${'['.repeat(99)}\\"]"}`, headers)).json['detail']).not.toContain(
      'nested',
    )
  })

  test('with data nested too deep is refused', async () => {
    let data: unknown = 1
    for (let depth = 0; depth < 40; depth++) data = [data]
    expect((await publish({ type: 'note', data }, 'p3')).status).toBe(400)
  })

  test('with an event over the limit is answered 413, while a batch of small ones may be larger', async () => {
    expect((await publish({ type: 'note', data: 'x'.repeat(2_100) }, 'p4')).status).toBe(413)
    const events = Array.from({ length: 10 }, () => ({ type: 'note', data: 'x'.repeat(1_000) }))
    const body = { producerId: 'p5', producerSeq: 1, events }
    expect((await hub.call('POST', '/api/sessions/s1/events', { scope: 'publish', body })).status).toBe(200)
  })
})

test('A6 line ends, NUL, U+2028 and lone surrogates in any field come back as they were, in one frame', async () => {
  const hostile = 'a\r\ndata: x\n\nevent: y\0\u2028\u2029\ud800z'
  await hub.call('PUT', '/api/sessions/s6')
  const path = '/api/sessions/s6/events'
  const events = [
    { type: 'note', data: { [hostile]: hostile } },
    { type: 'message_chunk', data: { messageId: 'm', content: hostile, isComplete: false } },
  ]
  await hub.call('POST', path, { scope: 'publish', body: { producerId: 'p', producerSeq: 1, events } })
  const answer = await hub.call('GET', '/api/sessions/s6/updates?after=')
  const cursor = String(answer.json['cursor'])
  const from = `${cursor.split('-')[0] ?? ''}-0`
  const polled = await hub.call('GET', `/api/sessions/s6/updates?after=${from}`)
  expect(dig(polled.json, 'events', 0, 'data')).toEqual({ [hostile]: hostile })
  expect(dig(polled.json, 'events', 1, 'data', 'content')).toBe(hostile)

  const streamed = await fetch(`${hub.url}/api/sse?sessionId=s6&after=${from}`, {
    headers: { authorization: `Bearer ${await hub.token('ada')}` },
  })
  let text = ''
  for await (const bytes of streamed.body ?? []) {
    text += new TextDecoder().decode(bytes)
    if (text.includes('caught_up')) break
  }
  expect(text.split('\n').filter((line) => line.startsWith('event:'))).toEqual([
    'event: note',
    'event: message_chunk',
    'event: caught_up',
  ])
  for (const bad of ['no\nte', 'note\r', 'Note', 'n'.repeat(65), 'heartbeat', 'caught_up', '']) {
    const body = { producerId: 'q', producerSeq: 1, events: [{ type: bad, data: null }] }
    expect((await hub.call('POST', path, { scope: 'publish', body })).status).toBe(400)
  }
})
