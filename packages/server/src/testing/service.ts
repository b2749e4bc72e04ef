import { createMemoryDriver } from '@throughline/log/memory'
import type { LogDriver } from '@throughline/log'
import type { Config } from '../config/config.ts'
import { readConfig } from '../config/config.ts'
import { createHubService, type HubService, type HubServiceOptions } from '../hub-service.ts'
import { createMetrics } from '../metrics/index.ts'
import { createHubServer } from '../node/index.ts'
import { fieldsOf } from '../fields.ts'

const SECRET = 'a secret for tests that is 32 bytes or more'

export interface TestService {
  readonly url: string
  readonly service: HubService
  readonly driver: LogDriver
  /** A bearer token. */
  token(userId: string, scope?: string): Promise<string>
  /** A request by a user's bearer token, JSON in and out. */
  call(method: string, path: string, options?: CallOptions): Promise<TestAnswer>
  close(): Promise<void>
}

export interface CallOptions {
  /** Whose token goes along; `null` for none. Default `ada`. */
  readonly as?: string | null
  readonly scope?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface TestAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON; `undefined` when there is none. */
  readonly json: Readonly<Record<string, unknown>>
}

export type TestServiceOptions = Partial<Omit<HubServiceOptions, 'config'>> & {
  readonly env?: Readonly<Record<string, string>>
  readonly config?: Partial<Config>
}

/** A whole hub on a real socket, its log in memory. */
export async function startService(options: TestServiceOptions = {}): Promise<TestService> {
  const { env = {}, config: overrides = {}, ...rest } = options
  const driver = options.driver ?? createMemoryDriver()
  const config = { ...readConfig({ JWT_SECRET: SECRET, RATE_LIMIT_PER_MINUTE: '0', ...env }), ...overrides }
  const metrics = createMetrics()
  const service = createHubService({ metrics, ...rest, config, driver })
  await service.start()
  const server = createHubServer({
    gateway: service.gateway,
    metrics,
    trustedProxies: config.trustedProxies,
    publicUrl: config.origins.publicOrigin,
  })
  const { port } = await server.listen(0)
  const url = `http://127.0.0.1:${String(port)}`

  const token = async (userId: string, scope?: string): Promise<string> => {
    const minted = await service.auth.mint({ userId, ttlMs: 60_000, ...(scope !== undefined && { scope }) })
    return minted.token
  }

  const call: TestService['call'] = async (method, path, { as = 'ada', scope, body, headers = {} } = {}) => {
    const bearer: Record<string, string> =
      as === null ? {} : { authorization: `Bearer ${await token(as, scope)}` }
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    const response = await fetch(url + path, {
      method,
      headers: { ...bearer, ...type, ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true
    const parsed: unknown = isJson ? JSON.parse(text) : {}
    return { status: response.status, headers: response.headers, text, json: fieldsOf(parsed) }
  }

  return {
    url,
    service,
    driver,
    token,
    call,
    async close() {
      await service.drain({ graceMs: 0, spreadMs: 0 })
      await server.close(200)
      await service.close()
      await driver.dispose()
    },
  }
}
