import * as v from 'valibot'
import { parseRedisUrl } from './redis-url.ts'

/** A whole number within bounds, written in digits. */
export function wholeNumber(min: number, max: number) {
  const mend = `must be a whole number from ${String(min)} to ${String(max)}`
  return v.pipe(
    v.string(),
    v.regex(/^[0-9]{1,15}$/, mend),
    v.transform(Number),
    v.minValue(min, mend),
    v.maxValue(max, mend),
  )
}

/** An origin as a browser sends it: scheme, host and port, no path. */
export const origin = v.pipe(
  v.string(),
  v.transform((text) => text.replace(/\/$/, '')),
  v.check(isOrigin, 'must be an origin like https://app.example.com, in lower case, without a path or "*"'),
)

/** Comma-separated origins. */
export const origins = v.pipe(
  v.string(),
  v.transform(splitList),
  v.everyItem(
    isOrigin,
    'must be origins like https://app.example.com, separated by commas, without paths or "*"',
  ),
)

/** Comma-separated host names, with or without a port. */
export const hosts = v.pipe(
  v.string(),
  v.transform((text) => splitList(text.toLowerCase())),
  v.everyItem(
    (host) => /^(\[[0-9a-f:]+\]|[a-z0-9_.-]+)(:[0-9]{1,5})?$/.test(host),
    'must be host names like app.example.com or 10.0.0.5:4000, separated by commas',
  ),
)

/** Comma-separated addresses and ranges of proxies. */
export const proxies = v.pipe(
  v.string(),
  v.transform(splitList),
  v.everyItem(
    (entry) => /^([0-9.]+|[0-9a-fA-F:.]+)(\/[0-9]{1,3})?$/.test(entry),
    'must be addresses or ranges like 10.0.0.0/8, separated by commas',
  ),
)

/** Where Redis is. */
export const redisUrl = v.pipe(
  v.string(),
  v.check(
    (text) => parseRedisUrl(text) !== undefined,
    'must be like redis://host:6379, redis://host:6379,host:6379 for a cluster, or redis+sentinel://host:26379/name',
  ),
)

/** An address of a service. */
export function url(schemes: readonly string[]) {
  const mend = `must be a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`
  return v.pipe(
    v.string(),
    v.check((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol), mend),
  )
}

/** One of some words. */
export function word<const T extends string>(words: readonly T[]) {
  return v.picklist(words, `must be one of ${words.join(', ')}`)
}

/** A secret long enough to sign with. */
export const secret = v.pipe(
  v.string(),
  v.check(
    (text) => new TextEncoder().encode(text).length >= 32,
    'must be at least 32 bytes: openssl rand -hex 32',
  ),
)

/** Text that is neither empty nor padded. */
export const plainText = v.pipe(v.string(), v.nonEmpty('must not be empty'))

function isOrigin(text: string): boolean {
  if (!URL.canParse(text) || text.includes('*')) return false
  return /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
}
