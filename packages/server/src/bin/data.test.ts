import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dig } from '../testing/dig.ts'
import { createBinWorld } from './testing/bin-world.ts'

const { dataDir, run, startHub, token } = createBinWorld()

let backup: string
let bearer: { authorization: string; 'content-type': string }

beforeEach(async () => {
  backup = `${dataDir()}-backup`
  bearer = { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' }
})
afterEach(() => rm(backup, { recursive: true, force: true }))

async function data(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<[number | null, string]> {
  const { code, output, errors } = await run('data.ts', env, args).ended
  return [code, output + errors]
}

/** Publishes one event as the next batch of its producer; answers the cursor. */
async function publish(url: string, producerSeq: number): Promise<string> {
  const body = JSON.stringify({ producerId: 'p', producerSeq, events: [{ type: 'note', data: producerSeq }] })
  const answer = await fetch(`${url}/api/sessions/s1/events`, { method: 'POST', headers: bearer, body })
  return String(dig(await answer.json(), 'cursor'))
}

async function startSession(): Promise<Awaited<ReturnType<typeof startHub>>> {
  const hub = await startHub()
  await fetch(`${hub.url}/api/sessions/s1`, { method: 'PUT', headers: bearer })
  return hub
}

/** A database as an app beside the hub has it open: with a journal that was not merged yet. */
function openDatabase(): DatabaseSync {
  const database = new DatabaseSync(join(dataDir(), 'library.db'))
  database.exec('PRAGMA journal_mode = WAL; CREATE TABLE t (a TEXT) STRICT')
  database.exec("INSERT INTO t VALUES ('kept')")
  return database
}

describe('data commands', () => {
  test('C4 backup of a running hub and restore: all is there, and cursors from before are reset', async () => {
    const hub = await startSession()
    const database = openDatabase()
    const cursor = await publish(hub.url, 1)
    expect(await data(['backup', backup])).toEqual([0, expect.stringMatching(/copied while the server runs/)])
    expect(await publish(hub.url, 2)).toMatch(/-2$/)
    database.close()
    expect((await stat(backup)).mode & 0o777).toBe(0o700)
    expect((await readdir(backup)).sort()).toEqual(['library.db', 'log', 'secret'])

    hub.child.kill('SIGKILL')
    await hub.ended
    await rm(dataDir(), { recursive: true })
    expect(await data(['restore', backup])).toEqual([0, expect.stringContaining('1 events, 0 problems.')])
    const copy = new DatabaseSync(join(dataDir(), 'library.db'))
    expect(copy.prepare('SELECT a FROM t').all()).toEqual([{ a: 'kept' }])
    copy.close()

    const again = await startHub()
    // The secret came back, too: the token from before is still good.
    const updates = await fetch(`${again.url}/api/sessions/s1/updates?after=${cursor}`, { headers: bearer })
    expect(await updates.json()).toMatchObject({ reset: { reason: 'epoch' } })
    expect(await publish(again.url, 2)).toMatch(/-2$/)
  }, 60_000)

  test('check a running hub, and the same directory after it stopped', async () => {
    const hub = await startSession()
    await publish(hub.url, 1)
    expect(await data(['check'])).toEqual([0, '3 streams, 1 events, 0 problems.\n'])
    hub.child.kill('SIGTERM')
    expect((await hub.ended).code).toBe(0)
    expect(await readdir(dataDir())).not.toContain('data.sock')
    expect(await data(['check'])).toEqual([0, expect.stringMatching(/^3 streams, .* 0 problems\.\n$/)])
    expect(await data(['backup', backup])).toEqual([0, expect.stringMatching(/entries copied\./)])
    expect(await data(['check'], { DATA_DIR: backup })).toEqual([
      0,
      expect.stringMatching(/^3 streams, .* 0 problems\.\n$/),
    ])
  }, 60_000)

  test('a socket that a killed hub left stands in nobody’s way', async () => {
    const first = await startSession()
    first.child.kill('SIGKILL')
    await first.ended
    expect(await data(['check'])).toEqual([0, '3 streams, 0 events, 0 problems.\n'])
    await startHub()
    expect(await data(['check'])).toEqual([0, '3 streams, 0 events, 0 problems.\n'])
  }, 60_000)

  test('nothing is written over, and each refusal says what to do', async () => {
    expect(await data([])).toEqual([1, expect.stringContaining('Usage')])
    await startSession()
    await mkdir(backup)
    await writeFile(join(backup, 'other'), '')
    expect(await data(['backup', backup])).toEqual([1, expect.stringContaining('name an empty folder')])
    expect(await data(['backup', join(dataDir(), 'b')])).toEqual([
      1,
      expect.stringContaining('within DATA_DIR'),
    ])
    expect(await data(['restore', backup])).toEqual([1, expect.stringContaining('There is no data')])
    await rm(backup, { recursive: true })
    expect((await data(['backup', backup]))[0]).toBe(0)
    expect(await data(['restore', backup])).toEqual([1, expect.stringContaining('move it away')])
    expect(await data(['check'], { DATA_DIR: join(backup, 'none') })).toEqual([
      1,
      expect.stringContaining('set DATA_DIR'),
    ])
    expect(await data(['repair'])).toEqual([1, expect.stringContaining('Another Throughline is using')])
  }, 60_000)

  test('C2 a database that is damaged is named', async () => {
    const database = openDatabase()
    database.close()
    await writeFile(join(dataDir(), 'accounts.db'), 'x'.repeat(8_192))
    const [code, output] = await data(['check'])
    expect([code, output]).toEqual([1, expect.stringContaining('accounts.db')])
    expect(output).not.toContain('library.db')
  }, 60_000)

  test('the socket is its owner’s alone, and takes nothing but a request', async () => {
    await startSession()
    const path = join(dataDir(), 'data.sock')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const say = async (text: string): Promise<string> => {
      const socket = createConnection(path)
      let answer = ''
      socket.on('data', (chunk) => (answer += chunk.toString())).on('error', () => undefined)
      socket.write(text)
      await new Promise((resolve) => socket.on('close', resolve))
      return answer
    }
    expect(await say('{"command":"delete"}\n')).toBe('')
    expect(await say('nonsense\n')).toBe('')
    expect(await say('x'.repeat(100_000))).toBe('')
    expect(await data(['check'])).toEqual([0, '3 streams, 0 events, 0 problems.\n'])
  }, 60_000)
})
