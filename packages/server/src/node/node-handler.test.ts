import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Reply } from '../gateway/exchange.ts'
import { rawRequest } from '../testing/raw-request.ts'
import { createHubServer, type HubServer } from './hub-server.ts'

let reply: Reply
let hub: HubServer
let url: string

beforeEach(async () => {
  hub = createHubServer({ gateway: { handle: async () => reply } })
  const { port } = await hub.listen(0)
  url = `http://127.0.0.1:${String(port)}/`
})
afterEach(() => hub.close(0))

test('an answer says how many bytes it has and comes in one piece', async () => {
  reply = { kind: 'reply', status: 200, headers: { 'content-type': 'text/plain' }, body: 'naïve 🌱' }
  const { headers, text } = await rawRequest(url)
  expect(text).toBe('naïve 🌱')
  expect(headers['content-length']).toBe('11')
  expect(headers['transfer-encoding']).toBeUndefined()
  const head = await rawRequest(url, { method: 'HEAD' })
  expect([head.text, head.headers['content-length']]).toEqual(['', '11'])
})

test('an answer without a body says so, and one that may have none says nothing', async () => {
  reply = { kind: 'reply', status: 202, headers: {} }
  expect((await rawRequest(url)).headers['content-length']).toBe('0')
  reply = { kind: 'reply', status: 204, headers: {} }
  expect((await rawRequest(url)).headers['content-length']).toBeUndefined()
})

test('a header with several values is sent as often', async () => {
  reply = { kind: 'reply', status: 200, headers: { 'set-cookie': ['a=1', 'b=2'] } }
  expect((await rawRequest(url)).headers['set-cookie']).toEqual(['a=1', 'b=2'])
})
