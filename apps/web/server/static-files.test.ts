import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStaticFiles } from './static-files.ts'

const SCRIPT = 'export const said = "again and again";\n'.repeat(200)
const build = await mkdtemp(join(tmpdir(), 'throughline-build-'))
const server = createServer()

beforeAll(async () => {
  await mkdir(join(build, 'static', 'chunks'), { recursive: true })
  await writeFile(join(build, 'static', 'chunks', 'a-1.js'), SCRIPT)
  await writeFile(join(build, 'static', 'chunks', 'a-1.js.map'), '{}')
  await writeFile(
    join(build, 'routes-manifest.json'),
    JSON.stringify({
      headers: [
        { regex: '^(?:/(.*))?$', headers: [{ key: 'X-Content-Type-Options', value: 'nosniff' }] },
        { regex: '^/elsewhere$', headers: [{ key: 'X-Elsewhere', value: 'yes' }] },
      ],
    }),
  )
  const answer = await openStaticFiles(build)
  server.on('request', (incoming, response) => {
    void answer(incoming, response).then((done) => {
      if (!done) response.writeHead(418).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  server.close()
  await rm(build, { recursive: true })
})

async function ask(path: string, coding: string, method = 'GET') {
  const { port } = server.address() as AddressInfo
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { 'accept-encoding': coding }
    request({ host: '127.0.0.1', port, path, method, headers }, resolve).on('error', reject).end()
  })
  return { status: response.statusCode, headers: response.headers, body: await buffer(response) }
}

test('a script comes as Brotli, for ever, with the headers of every path', async () => {
  const { status, headers, body } = await ask('/_next/static/chunks/a-1.js?dpl=1', 'gzip, br')
  expect(status).toBe(200)
  expect(headers).toMatchObject({
    'content-encoding': 'br',
    'content-type': 'application/javascript; charset=UTF-8',
    'content-length': String(body.length),
    'cache-control': 'public, max-age=31536000, immutable',
    'x-content-type-options': 'nosniff',
    vary: 'Accept-Encoding',
  })
  expect(headers).not.toHaveProperty('x-elsewhere')
  expect(brotliDecompressSync(body).toString()).toBe(SCRIPT)
})

test('asked for its head it says the same and sends nothing', async () => {
  const { headers, body } = await ask('/_next/static/chunks/a-1.js', 'br;q=0.5', 'HEAD')
  expect(headers['content-encoding']).toBe('br')
  expect(body.length).toBe(0)
})

test.each([
  ['a browser without Brotli', '/_next/static/chunks/a-1.js', 'gzip', 'GET'],
  ['one that refuses it', '/_next/static/chunks/a-1.js', 'gzip, br;q=0', 'GET'],
  ['another kind of file', '/_next/static/chunks/a-1.js.map', 'br', 'GET'],
  ['a path out of the folder', '/_next/static/chunks/../../routes-manifest.json', 'br', 'GET'],
  ['another file', '/_next/static/chunks/b.js', 'br', 'GET'],
  ['a page', '/', 'br', 'GET'],
  ['something sent', '/_next/static/chunks/a-1.js', 'br', 'POST'],
])('%s is left to Next', async (_name, path, coding, method) => {
  expect((await ask(path, coding, method)).status).toBe(418)
})
