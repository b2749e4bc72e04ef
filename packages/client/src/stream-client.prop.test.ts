import type { KnownDraft } from '@throughline/protocol'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createStreamClient } from './stream-client.ts'
import { createFakeEnvironment } from './testing/fake-environment.ts'
import { FakeHub } from './testing/fake-hub.ts'

type Action =
  | {
      readonly do:
        | 'append'
        | 'drop'
        | 'end'
        | 'restart'
        | 'trim'
        | 'lose'
        | 'beat'
        | 'refuse'
        | 'hide'
        | 'offline'
        | 'watch'
    }
  | { readonly do: 'wait'; readonly ms: number }

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Action>({ do: 'append' }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(3_000) }) },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom<Action['do']>(
        'drop',
        'end',
        'restart',
        'trim',
        'lose',
        'beat',
        'refuse',
        'hide',
        'offline',
        'watch',
      )
      .map((name): Action => ({ do: name as 'drop' })),
  },
)

/** The next thing that a run would write. */
function nextDraft(step: number): KnownDraft {
  const runId = `r${String(Math.floor(step / 10))}`
  const messageId = `m${String(Math.floor(step / 10))}`
  const scope = { runId, parentId: null }
  switch (step % 10) {
    case 0:
      return { type: 'run_started', data: { runId, kind: 'message', attempt: 1 }, ...scope }
    case 1:
      return { type: 'message_started', data: { messageId, role: 'assistant' }, ...scope }
    case 8: {
      const finalContent = Array.from(
        { length: 6 },
        (_, at) => `${String(Math.floor(step / 10) * 10 + at + 2)},`,
      ).join('')
      return { type: 'message_completed', data: { messageId, sessionId: 's1', finalContent }, ...scope }
    }
    case 9:
      return { type: 'run_completed', data: { runId, status: 'completed' }, ...scope }
    default:
      return {
        type: 'message_chunk',
        data: { messageId, content: `${String(step)},`, isComplete: false },
        ...scope,
      }
  }
}

it('R1 R5 E3 whatever happens to connection and log, what is shown ends as the fold, and nothing is told twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 10, maxLength: 60 }), fc.nat(), async (actions, seed) => {
      const hub = new FakeHub()
      const environment = createFakeEnvironment({ fetch: hub.fetch, seed })
      const client = createStreamClient({ environment, share: 'off' })
      const session = client.session('s1')
      const told: string[] = []
      session.on('message_chunk', ({ id }) => told.push(id ?? ''))
      let step = 0
      let others = 0
      for (const next of actions) {
        switch (next.do) {
          case 'append':
            hub.append('s1', nextDraft(step++))
            break
          case 'wait':
            await environment.advance(next.ms)
            break
          case 'drop':
            hub.drop('break')
            break
          case 'end':
            hub.drop('end')
            break
          case 'restart':
            hub.drop()
            hub.restart('s1')
            break
          case 'trim':
            hub.stream('s1').trim()
            break
          case 'lose':
            hub.stream('s1').append(nextDraft(step++), 0)
            break
          case 'beat':
            hub.beat()
            break
          case 'refuse':
            hub.refuse(503)
            break
          case 'hide':
            environment.setVisible(!environment.isVisible())
            break
          case 'offline':
            environment.setOnline(!environment.isOnline())
            break
          case 'watch':
            client.session(`other-${String(others++ % 3)}`).subscribe(() => undefined)
        }
      }
      environment.setVisible(true)
      environment.setOnline(true)
      hub.append('s1', nextDraft(step++))
      for (let quiet = 0; quiet < 12; quiet++) {
        await environment.advance(8_000)
        hub.beat()
      }
      await environment.advance(1_000)
      expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
      expect(session.connection.getSnapshot().phase).toBe('live')
      expect(new Set(told).size).toBe(told.length)
      expect(hub.readers).toBe(1)
      client.close()
      expect([environment.watchers, hub.readers]).toEqual([0, 0])
    }),
    { numRuns: 60 },
  )
})
