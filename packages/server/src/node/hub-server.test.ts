import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startService, type TestService } from '../testing/service.ts'
import { createHubServer, type HubServer } from './hub-server.ts'

let hub: TestService
let server: HubServer
let port: number
const errors: unknown[] = []

beforeEach(async () => {
  hub = await startService()
  server = createHubServer({
    gateway: hub.service.gateway,
    onError: (error) => errors.push(error),
    unreadBodyMs: 50,
    fallthrough(request, response) {
      if (request.url === '/broken') throw new Error('secret at /home/x')
      response.writeHead(200, { 'content-security-policy': "default-src 'self'" }).end('page')
    },
  })
  ;({ port } = await server.listen(0))
})
afterEach(async () => {
  await server.close(0)
  await hub.close()
})

/** What the server answers to these very bytes, until it closes the connection. */
function say(lines: readonly string[], to = port): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    const socket = connect(to, '127.0.0.1', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`))
    socket.setEncoding('latin1')
    socket.on('data', (part: string) => (text += part))
    socket.once('error', reject)
    socket.once('close', () => {
      resolve(text)
    })
  })
}

const CLOSE = 'Connection: close'

test('A5 two hosts are none, and two tokens neither', async () => {
  const get = 'GET /api/auth/me HTTP/1.1'
  const token = `Authorization: Bearer ${await hub.token('ada')}`
  expect(await say([get, 'Host: localhost', token, CLOSE])).toContain(' 200 ')
  for (const hosts of [
    ['Host: localhost', 'Host: evil.example'],
    ['Host: evil.example', 'Host: localhost'],
  ]) {
    expect(await say([get, ...hosts, token, CLOSE])).toContain(' 403 ')
  }
  expect(await say([get, 'Host: localhost', token, 'Authorization: Bearer x', CLOSE])).toContain(' 401 ')
})

test('a body whose length is told twice is no request', async () => {
  const post = ['POST /api/auth/guest HTTP/1.1', 'Host: localhost', 'X-Throughline: 1']
  const smuggled = ['', '0', '', 'GET /metrics HTTP/1.1', 'Host: localhost']
  for (const lengths of [
    ['Content-Length: 4', 'Transfer-Encoding: chunked'],
    ['Content-Length: 4', 'Content-Length: 5'],
  ]) {
    const answer = await say([...post, ...lengths, ...smuggled])
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1)
  }
})

test('P6 who asks for another protocol gets an answer in this one, also when somebody would take its socket', async () => {
  // As a framework does that adds a listener once it is asked.
  server.server.on('upgrade', () => undefined)
  const upgrade = ['Host: localhost', 'Connection: close, Upgrade', 'Upgrade: websocket']
  expect(await say(['GET /api/auth/me HTTP/1.1', ...upgrade])).toContain(' 401 ')
  expect(await say(['GET /_next/webpack-hmr HTTP/1.1', ...upgrade])).toContain(' 200 ')
})

test('P6 a page is not asked for with a body that never ends', async () => {
  const endless = ['GET / HTTP/1.1', 'Host: localhost', 'Content-Length: 10']
  expect(await say(endless)).toContain(' 200 ')
})

test('whatever is answered is no page by accident, and no failure tells what it is', async () => {
  const get = (path: string, to = port) => say([`GET ${path} HTTP/1.1`, 'Host: localhost', CLOSE], to)
  const bare = createHubServer({ gateway: hub.service.gateway })
  const { port: elsewhere }: AddressInfo = await bare.listen(0)
  const answers = [await get('/broken'), await get('/nowhere', elsewhere)]
  expect(answers.map((answer) => answer.slice(9, 12))).toEqual(['500', '404'])
  for (const answer of answers) {
    expect(answer.toLowerCase()).toContain('x-content-type-options: nosniff')
    expect(answer.toLowerCase()).toContain("content-security-policy: default-src 'none'")
    expect(answer).not.toContain('secret')
  }
  expect(errors).toHaveLength(1)
  // A page has a policy of its own, and one only.
  const page = (await get('/')).toLowerCase()
  expect(page.match(/content-security-policy: (.*)/g)).toEqual([
    "content-security-policy: default-src 'self'",
  ])
  expect(page).toContain('x-content-type-options: nosniff')
  await bare.close(0)
})
