import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@throughline/log/testing/free-port'
import type { Address } from '../generator/dialect.ts'
import type { Subject } from '../subject.ts'
import { startProcess } from '../subject-process.ts'

const SERVERS = join(import.meta.dirname, '..', '..', 'peers', 'servers')

interface Peer {
  readonly file: string
  readonly dialect: Address['dialect']
  readonly can?: Subject['can']
  readonly env?: Readonly<Record<string, string>>
}

/** A peer that runs on Node. */
function peer(name: string, { file, dialect, can = {}, env = {} }: Peer): Subject {
  return {
    name,
    can,
    missing: () => undefined,
    async start() {
      const port = await freePort()
      const dataDir = await mkdtemp(join(tmpdir(), 'throughline-bench-peer-'))
      const command = [process.execPath, join(SERVERS, file)]
      const running = await startProcess({ command, port, env: { ...env, DATA_DIR: dataDir } })
      return {
        address: { dialect, port },
        pids: running.pids,
        async stop() {
          await running.stop()
          await rm(dataDir, { recursive: true, force: true })
        },
      }
    },
  }
}

const DURABLE = { batches: true, history: true } as const

/** No log, no authentication, one prebuilt chunk to each socket. */
export const nodeSocket = peer('Node, socket', { file: 'node-socket.mjs', dialect: 'streams' })
export const betterSse = peer('better-sse 0.16.1', { file: 'better-sse.mjs', dialect: 'streams' })

export const nodePeers: readonly Subject[] = [
  nodeSocket,
  peer('Node, res.write', { file: 'node-write.mjs', dialect: 'streams' }),
  betterSse,
  peer('@fastify/sse 0.6.0', { file: 'fastify-sse.mjs', dialect: 'streams' }),
  peer('hono 4.13.19', { file: 'hono.mjs', dialect: 'streams' }),
  peer('Durable Streams 0.3.7, memory', {
    file: 'durable-streams.mjs',
    dialect: 'durable-streams',
    can: DURABLE,
  }),
]
