import { describe, expect, test } from 'vitest'
import { stat, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { dig } from '../testing/dig.ts'
import { createBinWorld } from './testing/bin-world.ts'

const { dataDir, run, startHub, token } = createBinWorld()

describe('the standalone hub', () => {
  test('says where it is in one line, serves, and ends with 0 when asked to', async () => {
    const hub = await startHub()
    expect((await fetch(`${hub.url}/readyz`)).status).toBe(200)
    const headers = { authorization: `Bearer ${await token()}` }
    expect((await fetch(`${hub.url}/api/sessions/s1`, { method: 'PUT', headers })).status).toBe(201)
    const stream = await fetch(`${hub.url}/api/run_sse/s1`, { headers })
    const text = stream.text()
    hub.child.kill('SIGTERM')
    expect(await text).toContain('event: reconnect')
    expect(await hub.ended).toMatchObject({ code: 0, output: `Throughline hub: ${hub.url}\n`, errors: '' })
  })

  test('keeps its sessions, its secret and its logins over a restart', async () => {
    const first = await startHub()
    const headers = { authorization: `Bearer ${await token()}` }
    const session: unknown = await (
      await fetch(`${first.url}/api/sessions`, { method: 'POST', headers })
    ).json()
    expect((await stat(join(dataDir(), 'secret'))).mode & 0o777).toBe(0o600)
    first.child.kill('SIGINT')
    expect((await first.ended).code).toBe(0)
    const second = await startHub()
    const list = await fetch(`${second.url}/api/sessions`, { headers })
    expect(dig(await list.json(), 'sessions')).toEqual([session])
  })

  test('C1 killed outright, it has every message that it had accepted, and ends the runs of the dead', async () => {
    const first = await startHub({ RUN_LEASE_MS: '500' })
    const headers = { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' }
    const post = async (url: string, path: string, body: object): Promise<unknown> =>
      await (await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })).json()
    await fetch(`${first.url}/api/sessions/s1`, { method: 'PUT', headers })
    const accepted = await post(first.url, '/api/sessions/s1/messages', {
      content: 'Hi',
      clientMessageId: 'm1',
    })
    await post(first.url, '/api/runs/claim', {})
    first.child.kill('SIGKILL')
    await first.ended
    const second = await startHub({ RUN_LEASE_MS: '500' })
    const again = await post(second.url, '/api/sessions/s1/messages', {
      content: 'Hi',
      clientMessageId: 'm1',
    })
    expect(again).toEqual(accepted)
    const status = async (): Promise<unknown> =>
      dig(
        await (await fetch(`${second.url}/api/sessions/s1`, { headers })).json(),
        'state',
        'runs',
        0,
        'status',
      )
    await expect.poll(status).toBe('interrupted')
  })

  test('says in one line that its port is taken', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const { port } = taken.address() as AddressInfo
    const { code, output, errors } = await run('hub.ts', { PORT: String(port) }).ended
    taken.close()
    const message = `Port ${String(port)} is in use: stop what listens there, or set PORT.\n`
    expect({ code, output, errors }).toEqual({ code: 1, output: '', errors: message })
  })

  test('says in one line that another one has its directory', async () => {
    await startHub()
    const { code, errors } = await run('hub.ts').ended
    expect([code, errors.trim().split('\n').length]).toEqual([1, 1])
    expect(errors).toContain('DATA_DIR')
  })

  test('says all that is wrong with its environment, and makes nothing', async () => {
    const env = { PORT: 'x', JWT_SECRET: 'short', DURABILITY: 'maybe', DATA_DIR: join(dataDir(), 'new') }
    const { code, errors } = await run('hub.ts', env).ended
    expect([code, errors.trim().split('\n').length]).toEqual([1, 4])
    await expect(stat(env.DATA_DIR)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('takes no secret that is too short to be one', async () => {
    await writeFile(join(dataDir(), 'secret'), 'short\n')
    const { code, errors } = await run('hub.ts').ended
    expect([code, errors]).toEqual([1, expect.stringContaining('too short')])
  })
})

describe('the token printer', () => {
  test('prints a token and nothing else', async () => {
    expect(await token()).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
  })

  test.each([[[]], [['--user', 'a b']], [['--user', 'ada', '--hours', '-1']], [['--who', 'ada']]])(
    'with %j says how it is used',
    async (args) => {
      const { code, output, errors } = await run('token.ts', {}, args).ended
      expect([code, output, errors]).toEqual([1, '', expect.stringMatching(/^Usage: /)])
    },
    30_000,
  )
})
