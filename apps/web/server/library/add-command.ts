import { parseArgs } from 'node:util'
import {
  silentLogger,
  createHubService,
  createTokenIssuer,
  ConfigError,
  readConfig,
} from '@throughline/server'
import type { Config, TokenKeys } from '@throughline/server'
import { fail, loadDevelopmentSecret, openEngine } from '@throughline/server/bin'
import { createHubServer } from '@throughline/server/node'
import { StreamError } from '@throughline/protocol'
import { openDataLibrary } from '../team.ts'
import { addFiles } from './add-files.ts'
import { createDocumentLibrary } from './document-library.ts'
import { libraryRoutes } from './library-routes.ts'

const USAGE =
  'Usage: npm run library:add -- PATH… [--user ID]   (without --user for everybody on this server)'
const TOKEN_MS = 24 * 3_600_000

/**
 * Adds files and folders to the library: through the server when it runs, else through one of its own on the same data,
 * whose lock keeps the two apart.
 */
async function main(): Promise<void> {
  const { paths, user } = readArguments()
  const config = readConfig(process.env)
  const keys = config.keys ?? { kind: 'secret', secret: await loadDevelopmentSecret(config.dataDir) }
  const running = await findServer(config)
  const server = running === undefined ? await startServer(config, keys) : undefined
  try {
    const { added, duplicates, skipped, failed } = await addFiles({
      paths,
      url: running ?? server?.url ?? '',
      token: await mint(config, keys, user),
      everybody: user === undefined,
      onProgress: ({ sent, total, waiting }) => {
        if (process.stdout.isTTY) {
          process.stdout.write(
            `\r${String(sent)} of ${String(total)} files sent, ${String(waiting)} being read … `,
          )
        }
      },
    })
    for (const { name, reason } of failed) process.stdout.write(`\n${name}: ${reason}`)
    process.stdout.write(
      `\n${String(added)} added, ${String(duplicates)} there already, ${String(skipped)} no documents, ` +
        `${String(failed.length)} failed\n`,
    )
    process.exitCode = failed.length > 0 ? 1 : 0
  } finally {
    await server?.stop()
  }
}

function readArguments(): { paths: string[]; user: string | undefined } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { user: { type: 'string' } },
    })
    if (positionals.length > 0) return { paths: positionals, user: values.user }
  } catch {
    // An unknown option: the usage says which there are.
  }
  throw new StreamError('invalid_request', USAGE)
}

/** The server of this configuration, if it is there. */
async function findServer({ ownOrigin }: Config): Promise<string | undefined> {
  const url = ownOrigin.replace(/\/+$/, '')
  const answer = await fetch(`${url}/readyz`).catch(() => undefined)
  await answer?.body?.cancel()
  return answer?.ok === true ? url : undefined
}

async function mint(config: Config, keys: TokenKeys, user: string | undefined): Promise<string> {
  if (keys.kind === 'jwks')
    throw new ConfigError(['JWT_JWKS_URL is set: files are added with a token of yours, over HTTP'])
  const issue = createTokenIssuer({ secret: keys.secret, issuer: config.issuer })
  const { token } = await issue({
    sub: user ?? 'library',
    audience: config.audience,
    ttlMs: TOKEN_MS,
    ...(user === undefined && { scope: 'publish' }),
  })
  return token
}

/** The library's routes alone, for this command, on loopback. */
async function startServer(config: Config, keys: TokenKeys) {
  const engine = await openEngine(config)
  const library = await openDataLibrary(config.dataDir)
  const documents = createDocumentLibrary({ library, dataDir: config.dataDir, logger: silentLogger })
  const service = createHubService({ ...engine, config, keys, routes: () => libraryRoutes(documents) })
  const server = createHubServer({ gateway: service.gateway, trustedProxies: [] })
  const { port } = await server.listen(0)
  return {
    url: `http://127.0.0.1:${String(port)}`,
    async stop() {
      await service.drain({ graceMs: 0, spreadMs: 0 })
      await server.close(0)
      await service.close()
      await documents.close()
      await library.dispose()
      await engine.driver.dispose()
    },
  }
}

await main().catch(fail)
