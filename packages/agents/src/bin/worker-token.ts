import { createEventLog } from '@throughline/log'
import { createMemoryDriver } from '@throughline/log/memory'
import { StreamError } from '@throughline/protocol'
import { createAuth, createLogins, type Config } from '@throughline/server'
import { loadDevelopmentSecret } from '@throughline/server/bin'

const TTL_MS = 15 * 60_000
/** A token is minted anew when less than this is left of it. */
const RENEW_MS = 5 * 60_000

/**
 * The token a worker shows the hub: the one it is given, or one it mints itself, again and again, with the hub's
 * secret: `JWT_SECRET`, or on the hub's own machine that of the data directory.
 * @throws StreamError `auth_error` when there is neither
 */
export async function workerToken(
  given: string | undefined,
  config: Config,
): Promise<string | (() => Promise<string>)> {
  if (given !== undefined && given.trim() !== '') return given.trim()
  const keys = config.keys ?? { kind: 'secret' as const, secret: await loadDevelopmentSecret(config.dataDir) }
  if (keys.kind === 'jwks') {
    throw new StreamError(
      'auth_error',
      'Set WORKER_TOKEN: tokens are minted where the keys of JWT_JWKS_URL are.',
    )
  }
  const { issuer, audience } = config
  // Minting alone takes no login, so the log of logins stays empty.
  const logins = createLogins({ log: createEventLog({ driver: createMemoryDriver() }), keepMs: TTL_MS })
  const auth = createAuth({ keys, logins, issuer, audience })
  let minted = { token: '', expiresAt: 0 }
  return async () => {
    if (minted.expiresAt - Date.now() < RENEW_MS) {
      minted = await auth.mint({ userId: 'worker', scope: 'publish', ttlMs: TTL_MS })
    }
    return minted.token
  }
}
