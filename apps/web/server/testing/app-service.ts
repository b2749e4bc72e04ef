import { createMemoryDriver } from '@throughline/log/memory'
import type { LogDriver } from '@throughline/log'
import {
  createHubService,
  readConfig,
  type HubParts,
  type HubService,
  type HubServiceOptions,
  type Route,
  type TokenKeys,
} from '@throughline/server'
import { createHubServer } from '@throughline/server/node'
import { createPerson, type Person } from './person.ts'

const TEST_SECRET = 'a secret for tests that is 32 bytes or more'

export interface AppService {
  readonly url: string
  readonly service: HubService
  readonly driver: LogDriver
  readonly keys: TokenKeys
  /** Somebody with a browser of their own, not signed in. */
  person(): Person
  close(): Promise<void>
}

/** A whole hub on a real socket with routes of the app; its log, unless `parts` has one, in memory. */
export async function startAppService(
  routes: (parts: HubParts, keys: TokenKeys) => readonly Route[],
  env: Readonly<Record<string, string>> = {},
  parts: Partial<HubServiceOptions> = {},
): Promise<AppService> {
  const driver = parts.driver ?? createMemoryDriver()
  const keys: TokenKeys = { kind: 'secret', secret: TEST_SECRET }
  const config = readConfig({ RATE_LIMIT_PER_MINUTE: '0', ...env })
  const service = createHubService({ ...parts, config, driver, keys, routes: (made) => routes(made, keys) })
  await service.start()
  const server = createHubServer({
    gateway: service.gateway,
    trustedProxies: ['127.0.0.1'],
  })
  const { port } = await server.listen(0)
  const url = `http://127.0.0.1:${String(port)}`
  return {
    url,
    service,
    driver,
    keys,
    person: () => createPerson(url),
    async close() {
      await service.drain({ graceMs: 0, spreadMs: 0 })
      await server.close(200)
      await service.close()
      await driver.dispose()
    },
  }
}
