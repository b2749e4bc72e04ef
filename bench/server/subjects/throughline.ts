import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@throughline/log/testing/free-port'
import { createTokenIssuer } from '@throughline/server'
import type { RunningSubject, Subject } from '../subject.ts'
import { startProcess } from '../subject-process.ts'
import { serverFlags } from '../../../scripts/server-flags.mjs'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const HUB = join(ROOT, 'packages', 'server', 'dist', 'bin', 'hub.js')
const USERS = 100
const TOKEN_TTL_MS = 3_600_000

/** Limits that guard against abuse would refuse the one machine that all readers here come from. */
const LIMITS_OFF = {
  MAX_CONNECTIONS: '0',
  MAX_CONNECTIONS_PER_USER: '0',
  MAX_CONNECTIONS_PER_ADDRESS: '0',
  RATE_LIMIT_PER_MINUTE: '0',
}

/** Our hub as `npm run hub` starts it: durable log (`os`), authentication on, each session owned by one of 100 users. */
export const throughline: Subject & { startOn(dataDir: string): Promise<RunningSubject> } = {
  name: 'throughline',
  can: { batches: true, lines: true, history: true },
  missing: () => undefined,
  start: async () => start(await mkdtemp(join(tmpdir(), 'throughline-bench-'))),
  startOn: start,
}

async function start(dataDir: string): Promise<RunningSubject> {
  const port = await freePort()
  const secret = randomBytes(32).toString('hex')
  const running = await startProcess({
    command: [process.execPath, ...serverFlags, HUB],
    port,
    env: { ...LIMITS_OFF, DATA_DIR: dataDir, JWT_SECRET: secret, LOG_LEVEL: 'error', DURABILITY: 'os' },
  })
  const issue = createTokenIssuer({ secret, issuer: 'throughline' })
  const tokenOf = async (sub: string, scope?: string): Promise<string> => {
    const claims = { sub, audience: 'throughline', ttlMs: TOKEN_TTL_MS }
    return (await issue(scope === undefined ? claims : { ...claims, scope })).token
  }
  const users = await Promise.all(Array.from({ length: USERS }, (_, at) => tokenOf(`user-${at}`)))
  return {
    address: {
      dialect: 'throughline',
      port,
      tokens: { users, producer: await tokenOf('backend', 'publish') },
    },
    pids: running.pids,
    async stop({ keepData } = { keepData: false }) {
      await running.stop()
      if (!keepData) await rm(dataDir, { recursive: true, force: true })
    },
  }
}
