#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { StreamError } from '@throughline/protocol'
import { USER_ID_PATTERN } from '../auth/identity.ts'
import { createTokenIssuer } from '../auth/token-issuer.ts'
import { ConfigError } from '../config/config-error.ts'
import { readConfig } from '../config/config.ts'
import { loadDevelopmentSecret } from './development-secret.ts'
import { fail } from './lifetime.ts'

const USAGE = 'Usage: npm run token -- --user NAME [--scope publish] [--hours 24]'

/** Prints a bearer token for scripts and workers, signed with the secret of the server of the same environment. */
async function main(): Promise<void> {
  const { user, scope, hours } = readArguments()
  const config = readConfig(process.env)
  const keys = config.keys ?? { kind: 'secret', secret: await loadDevelopmentSecret(config.dataDir) }
  if (keys.kind === 'jwks')
    throw new ConfigError(['JWT_JWKS_URL is set: tokens are minted where its keys are'])
  const issue = createTokenIssuer({ secret: keys.secret, issuer: config.issuer })
  const { token } = await issue({
    sub: user,
    audience: config.audience,
    ttlMs: hours * 3_600_000,
    ...(scope !== undefined && { scope }),
  })
  process.stdout.write(`${token}\n`)
}

function readArguments(): { user: string; scope: string | undefined; hours: number } {
  try {
    const { values } = parseArgs({
      options: { user: { type: 'string' }, scope: { type: 'string' }, hours: { type: 'string' } },
    })
    const hours = Number(values.hours ?? 24)
    if (values.user !== undefined && USER_ID_PATTERN.test(values.user) && hours > 0) {
      return { user: values.user, scope: values.scope, hours }
    }
  } catch {
    // An unknown option: the usage says which there are.
  }
  throw new StreamError('invalid_request', USAGE)
}

await main().catch(fail)
