import { createAudit, readConfig, type Config, type Logger } from '@throughline/server'
import { createApiProxy, createSseProxy, type Proxy } from '@throughline/server/proxy'

/** The hub elsewhere that `BACKEND_URL` names, as route handlers ask it. */
interface Backend {
  readonly stream: Proxy
  readonly api: Proxy
  /** Whether it takes work now. */
  ready(): Promise<boolean>
}

const READY_WITHIN_MS = 2_000

/** A line of JSON for each thing the operator should know; a route handler has no logger of its own. */
const logger: Logger = {
  info: (fields, message) => {
    if (['info', 'debug', 'trace'].includes(process.env['LOG_LEVEL'] ?? ''))
      console.info(toLine(fields, message))
  },
  warn: (fields, message) => {
    console.warn(toLine(fields, message))
  },
  error: (fields, message) => {
    console.error(toLine(fields, message))
  },
}

function toLine(fields: object, message: string): string {
  const plain = Object.entries(fields).map(([name, value]: [string, unknown]) => [
    name,
    value instanceof Error ? reasonOf(value) : value,
  ])
  return JSON.stringify({ ...(Object.fromEntries(plain) as object), msg: message })
}

/** What lies at the bottom of an error. */
function reasonOf(error: Error): string {
  return error.cause instanceof Error ? reasonOf(error.cause) : error.message
}

let known: Backend | undefined

/** Read at the first request: a build has no environment of its own. @throws ConfigError */
export function backend(): Backend | undefined {
  if (known !== undefined) return known
  const config = readConfig(process.env)
  return config.backendUrl === undefined ? undefined : (known = createBackend(config, config.backendUrl))
}

function createBackend(config: Config, backendUrl: string): Backend {
  const { keys, connections } = config
  if (keys === undefined) throw new Error('BACKEND_URL needs the keys of the hub behind it.')
  const options = { ...config, keys, backendUrl, maxStreams: connections.total, logger }
  const audit = createAudit({ logger })
  return {
    stream: createSseProxy({ ...options, audit }),
    api: createApiProxy({ ...options, audit }),
    async ready() {
      try {
        const url = `${backendUrl.replace(/\/+$/, '')}/readyz`
        const signal = AbortSignal.timeout(READY_WITHIN_MS)
        const answer = await fetch(url, { signal, redirect: 'manual', cache: 'no-store' })
        await answer.body?.cancel()
        return answer.status === 200
      } catch {
        return false
      }
    },
  }
}

/** Answers one request by the hub behind this app. */
export async function answerBy(which: 'stream' | 'api', request: Request): Promise<Response> {
  const there = backend()
  return there === undefined ? noHub() : await there[which](request)
}

/** The server of `npm start` answers these paths itself; started otherwise, the app has no hub of its own. */
function noHub(): Response {
  const problem = {
    title: 'Service unavailable',
    status: 503,
    code: 'server_error',
    detail: 'This app has no hub: set BACKEND_URL.',
  }
  const headers = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'retry-after': '60',
  }
  return new Response(JSON.stringify(problem), { status: 503, headers })
}
