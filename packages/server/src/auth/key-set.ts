import { createLocalJWKSet, errors, type JSONWebKeySet, type JWK, type JWTVerifyGetKey } from 'jose'
import { fieldsOf } from '../fields.ts'

export interface KeySetOptions {
  readonly url: string
  readonly now: () => number
  /** Default 5,000. */
  readonly timeoutMs?: number
  /** Keys older than this are fetched anew, in the background while they still serve. Default 10 minutes. */
  readonly maxAgeMs?: number
  /** Keys serve so long when new ones cannot be had. Default 24 hours. */
  readonly staleMs?: number
  /** A token under an unknown key, or a failure, asks again at most this often; without any key, each second. Default 30,000. */
  readonly cooldownMs?: number
}

/** The keys could not be had, which says nothing about a token. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable'
}

const MAX_BYTES = 65_536
const MAX_KEYS = 64
/** Without keys nobody is let in, so it is tried more often. */
const RETRY_MS = 1_000

/**
 * The public keys of whoever mints the tokens. They may rotate: a key that is not known is asked for, though not for
 * every token that claims one; while the issuer is away, the keys it last told go on. Throws `KeysUnavailable`.
 */
export function createKeySet(options: KeySetOptions): JWTVerifyGetKey {
  const { url, now, timeoutMs = 5_000, cooldownMs = 30_000 } = options
  const { maxAgeMs = 600_000, staleMs = 86_400_000 } = options
  let known: { readonly find: JWTVerifyGetKey; readonly at: number } | undefined
  let askedAt = -Infinity
  let pending: Promise<void> | undefined

  const load = async (): Promise<void> => {
    const signal = AbortSignal.timeout(timeoutMs)
    const init = { signal, redirect: 'error', headers: { accept: 'application/json' } } as const
    try {
      const keys = await readKeys(await fetch(url, init))
      known = { find: createLocalJWKSet(keys), at: now() }
    } catch (error) {
      throw new KeysUnavailable('The signing keys cannot be had.', { cause: error })
    }
  }

  /** One request at a time, and none soon after the last. */
  const reload = (): Promise<void> | undefined => {
    if (pending !== undefined) return pending
    const isUsable = known !== undefined && now() - known.at <= staleMs
    if (now() - askedAt < (isUsable ? cooldownMs : RETRY_MS)) return undefined
    askedAt = now()
    pending = load().finally(() => {
      pending = undefined
    })
    return pending
  }

  const current = async (): Promise<JWTVerifyGetKey> => {
    const age = known === undefined ? Infinity : now() - known.at
    // Whether it worked shows in the keys' age.
    if (age > maxAgeMs && age <= staleMs) void reload()?.catch(() => undefined)
    if (age > staleMs) await reload()
    if (known === undefined || now() - known.at > staleMs)
      throw new KeysUnavailable('There are no signing keys.')
    return known.find
  }

  return async (header, token) => {
    const find = await current()
    try {
      return await find(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
      const asked = reload()
      if (asked === undefined) throw error
      // A stranger names keys that nobody has: while the issuer is away that is still an unknown key.
      await asked.catch(() => undefined)
      return await (
        await current()
      )(header, token)
    }
  }
}

async function readKeys(response: Response): Promise<JSONWebKeySet> {
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`The keys' server answered ${String(response.status)}.`)
  }
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
    text += decoder.decode(next.value, { stream: true })
    if (text.length <= MAX_BYTES) continue
    await reader?.cancel()
    throw new Error(`The keys' server sent more than ${String(MAX_BYTES)} characters.`)
  }
  const { keys } = fieldsOf(JSON.parse(text + decoder.decode()))
  if (!Array.isArray(keys) || keys.length > MAX_KEYS) throw new Error('The answer is no key set.')
  // Each is looked at when the set is made.
  return { keys: keys as JWK[] }
}
