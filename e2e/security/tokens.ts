import { createTokenIssuer } from '@throughline/server'

/** The secret that an app and its hub share in these tests. */
export const SECRET = 'a secret for tests that is 32 bytes or more'

const issue = createTokenIssuer({ secret: SECRET, issuer: 'throughline' })

export interface TokenOptions {
  readonly ttlMs?: number
  readonly sid?: string
  readonly scope?: string
}

/** A token of somebody's. */
export async function tokenOf(
  userId: string,
  { ttlMs = 600_000, ...claims }: TokenOptions = {},
): Promise<string> {
  return (await issue({ sub: userId, audience: 'throughline', ttlMs, ...claims })).token
}
