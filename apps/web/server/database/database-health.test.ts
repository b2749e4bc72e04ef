import { silentLogger, type Logger } from '@throughline/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startAppService } from '../testing/app-service.ts'
import { createDatabaseHealth } from './database-health.ts'
import { openDatabase } from './open-database.ts'
import { startPostgres, type PostgresServer } from './testing/postgres-server.ts'

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
}, 60_000)
afterAll(() => server.close())

test('an app whose database went down is alive and not ready, and says which without its address', async () => {
  const lines: string[] = []
  const logger: Logger = { ...silentLogger, error: (_, message) => lines.push(message) }
  const url = await server.createDatabase()
  const database = await openDatabase({ dataDir: '', url, logger: silentLogger })
  const health = createDatabaseHealth({ database, logger })
  const app = await startAppService(() => [], {}, { checks: [health] })
  const ask = async (path: string): Promise<unknown> => {
    const answer = await fetch(app.url + path)
    return [answer.status, await answer.text()]
  }
  try {
    expect(await ask('/readyz')).toEqual([200, 'ready\n'])
    // One question to the database, however many ask at once.
    const asked = health.healthy()
    expect(health.healthy()).toBe(asked)
    await asked
    await server.close()
    for (let time = 0; time < 2; time++) {
      expect(await ask('/readyz')).toEqual([503, 'the database of accounts does not answer\n'])
    }
    expect(await ask('/healthz')).toEqual([200, 'ok\n'])
    // Once, however often it is asked.
    await expect.poll(() => lines).toEqual(['the database of accounts does not answer'])
  } finally {
    await app.close()
    await database.close()
  }
})
