import type { RefreshOutcome } from '../connection/input.ts'
import type { Environment } from '../environment.ts'

export interface CredentialsOptions {
  readonly environment: Environment
  /** Where `/api` is. */
  readonly baseUrl: string
  readonly getToken: (() => string | null | undefined | Promise<string | null | undefined>) | undefined
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>
}

/** What proves who is asking: a bearer token from the caller, or the server's own cookies. */
export interface Credentials {
  /** Of every request: the header that no foreign page can send, and the token. */
  headers(): Promise<Readonly<Record<string, string>>>
  /** Renews them; callers at the same time share one renewal, in all tabs. Never rejects. */
  refresh(): Promise<RefreshOutcome>
  close(): void
}

/** A renewal that takes longer counts as unreachable, ms. */
const REFRESH_TIMEOUT_MS = 10_000

export function createCredentials({
  environment,
  baseUrl,
  getToken,
  fetch,
}: CredentialsOptions): Credentials {
  const lock = `throughline:refresh:${baseUrl}`
  // Cookies are all tabs': what one renewed is new for the others, too.
  const channel = getToken === undefined ? environment.tabs?.channel(lock) : undefined
  let renewedElsewhere = 0
  channel?.listen(() => renewedElsewhere++)
  let refreshing: Promise<RefreshOutcome> | undefined
  let token: string | null | undefined

  const renewCookies = async (): Promise<RefreshOutcome> => {
    const controller = new AbortController()
    const timer = environment.setTimer(() => {
      controller.abort()
    }, REFRESH_TIMEOUT_MS)
    try {
      const { ok, status, body } = await fetch(`${baseUrl}/api/auth/refresh`, {
        method: 'POST',
        credentials: 'include',
        headers: { 'X-Throughline': '1' },
        signal: controller.signal,
      })
      await body?.cancel()
      if (ok) {
        channel?.post('renewed')
        return 'renewed'
      }
      return status >= 500 || status === 429 || status === 408 ? 'unreachable' : 'denied'
    } finally {
      environment.clearTimer(timer)
    }
  }

  const askForToken = async (ask: NonNullable<typeof getToken>): Promise<RefreshOutcome> => {
    const rejected = token
    token = await ask()
    return token !== null && token !== undefined && token !== rejected ? 'renewed' : 'denied'
  }

  const renew = async (): Promise<RefreshOutcome> => {
    try {
      if (getToken !== undefined) return await askForToken(getToken)
      const known = renewedElsewhere
      return await environment.exclusively(lock, async () =>
        renewedElsewhere > known ? 'renewed' : await renewCookies(),
      )
    } catch {
      return 'unreachable'
    } finally {
      refreshing = undefined
    }
  }

  return {
    async headers() {
      token = await getToken?.()
      return { 'X-Throughline': '1', ...(token ? { Authorization: `Bearer ${token}` } : {}) }
    },
    refresh: () => (refreshing ??= renew()),
    close: () => channel?.close(),
  }
}
