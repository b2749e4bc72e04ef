import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from '@throughline/log/testing/free-port'
import { createTokenIssuer } from '@throughline/server'
import type { Subject } from '../subject.ts'
import { startProcess } from '../subject-process.ts'

const FOLDER = join(import.meta.dirname, '..', '..', 'peers', 'next')
const BACKEND = join(import.meta.dirname, '..', '..', 'peers', 'servers', 'node-write.mjs')
const NEXT = join(import.meta.dirname, '..', '..', '..', 'node_modules', 'next', 'dist', 'bin', 'next')
const ORIGIN = 'http://localhost:3000'

/** A Next route that checks origin and token and passes a backend's stream on, with that backend. */
export const nextProxy: Subject = {
  name: 'Next route before Node',
  can: {},
  missing: () => undefined,
  async start() {
    build()
    const secret = randomBytes(32).toString('hex')
    const [backendPort, port] = [await freePort(), await freePort()]
    const backend = await startProcess({ command: [process.execPath, BACKEND], port: backendPort, env: {} })
    const env = {
      ALLOW_ORIGINS: ORIGIN,
      BACKEND: `http://127.0.0.1:${backendPort}`,
      JWT_SECRET: secret,
      NEXT_TELEMETRY_DISABLED: '1',
    }
    const command = [process.execPath, NEXT, 'start', '-H', '127.0.0.1', '-p', String(port)]
    const proxy = await startProcess({ command, port, env, cwd: FOLDER })
    const issue = createTokenIssuer({ secret, issuer: 'throughline' })
    const { token } = await issue({ sub: 'reader', audience: 'throughline', ttlMs: 3_600_000 })
    return {
      address: {
        dialect: 'streams',
        port,
        publishPort: backendPort,
        readerHeaders: { Origin: ORIGIN, Authorization: `Bearer ${token}` },
      },
      pids: [...proxy.pids, ...backend.pids],
      async stop() {
        await proxy.stop()
        await backend.stop()
      },
    }
  },
}

/** Once; what is there is kept. @throws what the build printed */
function build(): void {
  if (existsSync(join(FOLDER, '.next', 'BUILD_ID'))) return
  const { status, stdout, stderr } = spawnSync(process.execPath, [NEXT, 'build'], {
    cwd: FOLDER,
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  })
  if (status !== 0) throw new Error(`the Next route does not build:\n${stdout}${stderr}`)
}
