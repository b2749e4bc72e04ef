import { createMemoryDriver } from '@throughline/log/memory'
import type { ConversationState, RunOptions } from '@throughline/protocol'
import { createHttpRunSource, createHubService, readConfig, type RunSource } from '@throughline/server'
import { createHubServer } from '@throughline/server/node'

export const TEST_SECRET = 'a secret for tests that is 32 bytes or more'

/** A whole hub on a real socket, its log in memory and its leases short, though not for a busy machine. */
export interface TestHub {
  readonly url: string
  readonly port: number
  /** Runs for a team in this process. */
  readonly runs: RunSource
  /** Runs for a worker outside of it, over HTTP. */
  outside(): Promise<RunSource>
  /** A request of the user; rejects when the hub refuses it. */
  call(method: string, path: string, body?: object): Promise<Record<string, unknown>>
  /** Creates the session if need be and asks; the run's id. */
  ask(sessionId: string, content: string, options?: RunOptions): Promise<string>
  state(sessionId: string): Promise<ConversationState>
  close(): Promise<void>
}

/** Starts a hub on `port`, or a free one. */
export async function startTestHub(port = 0): Promise<TestHub> {
  const config = readConfig({ JWT_SECRET: TEST_SECRET, RATE_LIMIT_PER_MINUTE: '0', RUN_LEASE_MS: '4000' })
  const driver = createMemoryDriver()
  const service = createHubService({ config, driver })
  await service.start()
  const server = createHubServer({ gateway: service.gateway, trustedProxies: [] })
  const listening = await server.listen(port)
  const url = `http://127.0.0.1:${String(listening.port)}`
  const { token } = await service.auth.mint({ userId: 'ada', ttlMs: 600_000 })
  const stop = async () => {
    await service.drain({ graceMs: 0, spreadMs: 0 })
    await server.close(200)
    await service.close()
    await driver.dispose()
  }
  let closed: Promise<void> | undefined

  const call: TestHub['call'] = async (method, path, body) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const response = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    const answer = (await response.json()) as Record<string, unknown>
    if (!response.ok)
      throw new Error(`${method} ${path}: ${String(response.status)} ${JSON.stringify(answer)}`)
    return answer
  }
  return {
    url,
    port: listening.port,
    runs: service.runs,
    outside: async () => {
      const worker = await service.auth.mint({ userId: 'worker', scope: 'publish', ttlMs: 600_000 })
      return createHttpRunSource({ baseUrl: url, token: worker.token })
    },
    call,
    async ask(sessionId, content, options) {
      await call('PUT', `/api/sessions/${sessionId}`, {})
      const message = { content, clientMessageId: crypto.randomUUID(), ...(options && { options }) }
      return String((await call('POST', `/api/sessions/${sessionId}/messages`, message))['runId'])
    },
    async state(sessionId) {
      return (await call('GET', `/api/sessions/${sessionId}`))['state'] as ConversationState
    },
    close: () => (closed ??= stop()),
  }
}
