import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '@throughline/log/testing/free-port'
import type { ConversationState } from '@throughline/protocol'
import { afterEach, describe, expect, it } from 'vitest'
import { startModelServer } from '../testing/model-server.ts'
import { startTestHub, TEST_SECRET, type TestHub } from '../testing/test-hub.ts'

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url))

const opened: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close()
})

async function startHub(port?: number): Promise<TestHub> {
  const hub = await startTestHub(port)
  opened.push(() => hub.close())
  return hub
}

async function startWorker(
  hubUrl: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'throughline-worker-'))
  opened.push(() => rm(directory, { recursive: true, force: true }))
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, ['--conditions=@throughline/source', WORKER], {
    env: { PATH, HUB_URL: hubUrl, DATA_DIR: directory, JWT_SECRET: TEST_SECRET, LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  opened.push(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
  })
  return child
}

function lastRun(state: ConversationState) {
  return state.runs.at(-1)
}

const QUESTION = 'How do I stream a response from a route handler?'
const PATIENCE = { timeout: 60_000, interval: 50 }

describe('a worker beside a hub', () => {
  it(
    'L9 claims, researches and streams over HTTP alone, and ends with 0 when told to',
    { timeout: 120_000 },
    async () => {
      const hub = await startHub()
      await hub.ask('s1', QUESTION)
      const worker = await startWorker(hub.url)
      await expect.poll(async () => lastRun(await hub.state('s1'))?.status, PATIENCE).toBe('completed')
      const state = await hub.state('s1')
      const answer = state.messages.at(-1)
      expect(answer).toMatchObject({ role: 'assistant', status: 'complete', integrity: 'complete' })
      expect(answer?.citations.length).toBeGreaterThan(2)
      expect(lastRun(state)?.agents.map((agent) => agent.status)).not.toContain('working')
      worker.kill('SIGTERM')
      expect(await once(worker, 'exit')).toEqual([0, null])
    },
  )

  it('waits for a hub that is away', { timeout: 120_000 }, async () => {
    const port = await freePort()
    const worker = await startWorker(`http://127.0.0.1:${String(port)}`)
    await once(worker.stdout ?? worker, 'data')
    const hub = await startHub(port)
    await hub.ask('s1', QUESTION)
    await expect.poll(async () => lastRun(await hub.state('s1'))?.status, PATIENCE).toBe('completed')
    worker.kill('SIGTERM')
    expect(await once(worker, 'exit')).toEqual([0, null])
  })

  it(
    'L9 leaves a partial answer that ends as interrupted when it is killed',
    { timeout: 120_000 },
    async () => {
      const model = await startModelServer({ tokens: 2_000, tokensPerSecond: 40 })
      opened.push(() => model.close())
      const hub = await startHub()
      await hub.ask('s1', QUESTION)
      const worker = await startWorker(hub.url, { OPENAI_BASE_URL: model.url, MODEL: 'm' })
      await expect
        .poll(async () => (await hub.state('s1')).messages.at(-1)?.content.length ?? 0, PATIENCE)
        .toBeGreaterThan(60)
      worker.kill('SIGKILL')
      await expect.poll(async () => lastRun(await hub.state('s1'))?.status, PATIENCE).toBe('interrupted')
      const partial = (await hub.state('s1')).messages.at(-1)
      expect(partial).toMatchObject({ role: 'assistant', status: 'interrupted' })
      expect(partial?.content.length).toBeGreaterThan(60)
    },
  )

  it('says in one line what is wrong with its settings', async () => {
    const worker = await startWorker('ftp://hub')
    expect(await once(worker, 'exit')).toEqual([1, null])
  })
})
