import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from '../config/config-error.ts'

const BYTES = 32
const OWNER_ONLY = 0o600
const OTHERS = 0o077

/**
 * The secret of a data directory, made at the first start, for its owner's eyes only (mode 600). For development:
 * in production the configuration brings one. @throws ConfigError when the file cannot be used
 */
export async function loadDevelopmentSecret(dataDir: string): Promise<string> {
  const path = join(dataDir, 'secret')
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const made = await create(path)
  if (made !== undefined) return made
  const secret = (await readFile(path, 'utf8')).trim()
  // A copy or an archive that was unpacked may have opened it to everybody.
  if (((await stat(path)).mode & OTHERS) !== 0) await chmod(path, OWNER_ONLY)
  if (secret.length < BYTES) {
    throw new ConfigError([
      `DATA_DIR holds a secret that is too short (${path}): delete it, and everybody signs in again`,
    ])
  }
  return secret
}

/**
 * Written beside its place and linked into it, so that nobody ever reads a part of it, and of two processes that start at
 * once one is first. `undefined` when there is one already.
 */
async function create(path: string): Promise<string | undefined> {
  if (existsSync(path)) return undefined
  const secret = randomBytes(BYTES).toString('hex')
  const draft = `${path}.${randomUUID()}`
  try {
    await writeFile(draft, `${secret}\n`, { flag: 'wx', mode: OWNER_ONLY, flush: true })
    await link(draft, path)
    return secret
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return undefined
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}
