import { describe, expect, it } from 'vitest'
import { createClientWorld } from '../testing/client-world.ts'

describe('flushing', () => {
  it('shows a burst at most every 33 ms', async () => {
    const { hub, session, watch, advance, startMessage, chunk } = createClientWorld()
    const { shown } = await watch()
    startMessage('m1')
    await advance(100)
    const before = shown()
    for (let at = 0; at < 100; at++) {
      chunk('m1', '.')
      await advance(1)
    }
    expect(shown() - before).toBeLessThanOrEqual(4)
    await advance(100)
    expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
  })

  it('changes identity at a flush and never between', async () => {
    const { session, watch, advance, startMessage, chunk } = createClientWorld()
    await watch()
    startMessage('m1')
    await advance(100)
    const before = session.getSnapshot()
    chunk('m1', 'x')
    await advance(0)
    expect(session.getSnapshot()).toBe(before)
    await advance(60)
    expect(session.getSnapshot()).not.toBe(before)
    const after = session.getSnapshot()
    await advance(60_000)
    expect(session.getSnapshot().conversation).toBe(after.conversation)
  })

  it('shows ends, errors, approvals and questions at once', async () => {
    const { hub, session, watch, advance, startMessage, startRun } = createClientWorld()
    const { shown } = await watch()
    startRun()
    startMessage('m1')
    await advance(100)
    const urgent = [
      { type: 'user_message', data: { messageId: 'u9', content: '?' } },
      { type: 'input_requested', data: { inputId: 'i1', kind: 'approval', prompt: 'ok?' } },
      { type: 'error_occurred', data: { code: 'x', message: 'y', retryable: false } },
      { type: 'message_completed', data: { messageId: 'm1', sessionId: 's1', finalContent: '' } },
      { type: 'run_completed', data: { runId: 'r1', status: 'failed' } },
    ] as const
    for (const event of urgent) {
      const before = shown()
      hub.append('s1', { ...event, runId: 'r1' })
      await advance(0)
      expect([event.type, shown() - before]).toEqual([event.type, 1])
    }
    expect(session.getSnapshot().status).toBe('error')
  })

  it('flushes every 250 ms where nobody looks', async () => {
    const { environment, watch, advance, startMessage, startRun, chunk } = createClientWorld()
    const { shown } = await watch()
    startRun()
    startMessage('m1')
    await advance(300)
    environment.setVisible(false)
    const before = shown()
    for (let at = 0; at < 20; at++) {
      chunk('m1', '.')
      await advance(50)
    }
    expect(shown() - before).toBeLessThanOrEqual(5)
    expect(shown() - before).toBeGreaterThanOrEqual(3)
  })

  it('stops reading at 2,000 waiting events until they are shown', async () => {
    const { hub, session, watch, advance, startMessage, chunk } = createClientWorld()
    startMessage('m1')
    await watch()
    hub.drop()
    for (let at = 0; at < 5_000; at++) chunk('m1', '.')
    const lengths: number[] = []
    session.subscribe(() => lengths.push(session.getSnapshot().messages[0]?.content.length ?? 0))
    await advance(2_000)
    expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
    const steps = lengths.map((length, at) => length - (lengths[at - 1] ?? 0))
    expect(Math.max(...steps)).toBeLessThanOrEqual(2_000)
    expect(lengths.length).toBeGreaterThanOrEqual(3)
  })
})
