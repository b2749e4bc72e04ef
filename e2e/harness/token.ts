import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const ROOT = join(import.meta.dirname, '..', '..')

/**
 * A bearer token with scope `publish`, as `npm run token` prints it for the data directory of a development server, or
 * for the `secret` it was given.
 */
export async function publisherToken(dataDir: string, secret?: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(ROOT, 'packages/server/dist/bin/token.js'), '--user', 'backend', '--scope', 'publish'],
    { env: { ...process.env, DATA_DIR: dataDir, NODE_ENV: '', JWT_SECRET: secret ?? '' } },
  )
  return stdout.trim()
}
