import { onTestFinished } from 'vitest'
import { createStreamClient } from '../stream-client.ts'
import type { StreamClientOptions } from '../stream-client.ts'
import { createFakeEnvironment } from './fake-environment.ts'
import { FakeHub } from './fake-hub.ts'
// What is loaded at need is at hand here: loading takes real time, which the fake clock does not wait for.
import '../outbox/commands.ts'
import '../rest/rest.ts'
import '../store/hold.ts'

/** A client on a fake hub, closed after the test; nothing is watched yet. */
export function createClientWorld(options: StreamClientOptions = {}) {
  const hub = new FakeHub()
  const environment = createFakeEnvironment({ fetch: hub.fetch })
  const client = createStreamClient({ environment, share: 'off', ...options })
  onTestFinished(client.close)
  const session = client.session('s1')
  const advance = environment.advance
  /** Watches the session until it is live. */
  const watch = async () => {
    let shown = 0
    const leave = session.subscribe(() => shown++)
    await advance(300)
    return { leave, shown: () => shown }
  }
  const chunk = (messageId: string, content: string): void => {
    hub.append('s1', { type: 'message_chunk', data: { messageId, content, isComplete: false }, runId: 'r1' })
  }
  const startRun = (runId = 'r1', messageId = 'q1'): void => {
    hub.append('s1', { type: 'run_queued', data: { runId, kind: 'message', messageId }, runId })
    hub.append('s1', { type: 'run_started', data: { runId, kind: 'message', attempt: 1 }, runId })
  }
  const startMessage = (messageId: string, parentId: string | null = null, runId = 'r1'): void => {
    hub.append('s1', { type: 'message_started', data: { messageId, role: 'assistant' }, runId, parentId })
  }
  /** Lets time pass with heartbeats. */
  const beat = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 10_000) {
      hub.beat()
      await advance(Math.min(left, 10_000))
    }
  }
  const streams = (): number => hub.requests.filter(({ path }) => path === '/api/sse').length
  return { hub, environment, client, session, advance, watch, chunk, startRun, startMessage, beat, streams }
}
