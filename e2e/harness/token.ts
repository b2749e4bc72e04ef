import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const ROOT = join(import.meta.dirname, '..', '..')

/** A bearer token with scope `publish`, as `npm run token` prints it for the data directory of a development server. */
export async function publisherToken(dataDir: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(ROOT, 'packages/server/dist/bin/token.js'), '--user', 'backend', '--scope', 'publish'],
    { env: { ...process.env, DATA_DIR: dataDir, NODE_ENV: '' } },
  )
  return stdout.trim()
}
