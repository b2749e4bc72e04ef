import { describe, expect, test, vi } from 'vitest'
import type { Backplane, Hint } from '../backplane.ts'

/** Two processes on one backplane; they may share one object when there is only one process. */
export interface BackplanePair {
  readonly a: Backplane
  readonly b: Backplane
  destroy(): Promise<void>
}

const HINTS: readonly Hint[] = [
  { kind: 'grew', stream: 's', head: { epoch: 'abcdefghij', offset: 2 } },
  {
    kind: 'grew',
    stream: 's',
    head: { epoch: 'abcdefghij', offset: 7 },
    events: [{ offset: 7, prev: 4, type: 'message_chunk', body: '{"data":"é \\n"}' }],
  },
  { kind: 'closed', stream: 's' },
  {
    kind: 'ephemeral',
    stream: 's',
    envelope: { type: 'typing_indicator', data: { isTyping: true }, timestamp: 1, sessionId: 's' },
  },
  { kind: 'queued' },
  { kind: 'revoked', userId: 'ada', sid: 'x' },
  { kind: 'revoked', userId: 'ada' },
]

/** The contract of `Backplane` as vitest cases. `makePair` is called per case. */
export function testBackplane(name: string, makePair: () => Promise<BackplanePair>): void {
  const it = (title: string, run: (pair: BackplanePair) => Promise<void>): void => {
    test(title, async () => {
      const pair = await makePair()
      try {
        await run(pair)
      } finally {
        await pair.destroy()
      }
    })
  }

  describe(`backplane ${name}`, () => {
    it('every hint reaches every process, its own included, as it was', async ({ a, b }) => {
      const [atA, atB]: [Hint[], Hint[]] = [[], []]
      a.subscribe((hint) => atA.push(hint))
      b.subscribe((hint) => atB.push(hint))
      for (const hint of HINTS) await a.publish(hint)
      await vi.waitFor(() => {
        expect(atA).toEqual(HINTS)
        expect(atB).toEqual(HINTS)
      })
    })

    it('nobody hears anything after leaving, and leaving twice is nothing', async ({ a, b }) => {
      const heard = { left: 0, stayed: 0 }
      const listener = (): void => {
        heard.left += 1
      }
      const leave = b.subscribe(listener)
      b.subscribe(() => {
        heard.stayed += 1
      })
      leave()
      leave()
      await a.publish({ kind: 'queued' })
      await vi.waitFor(() => {
        expect(heard).toEqual({ left: 0, stayed: 1 })
      })
    })

    it('one function subscribed twice is two subscriptions', async ({ a }) => {
      let calls = 0
      const listener = (): void => {
        calls += 1
      }
      a.subscribe(listener)
      const leave = a.subscribe(listener)
      leave()
      await a.publish({ kind: 'queued' })
      await vi.waitFor(() => {
        expect(calls).toBe(1)
      })
    })

    it('a listener may leave while it is being told', async ({ a }) => {
      const heard: string[] = []
      const leaveFirst = a.subscribe(() => {
        heard.push('first')
        leaveFirst()
      })
      a.subscribe(() => heard.push('second'))
      await a.publish({ kind: 'queued' })
      await a.publish({ kind: 'queued' })
      await vi.waitFor(() => {
        expect(heard.sort()).toEqual(['first', 'second', 'second'])
      })
    })

    it('publishing without listeners, and closing twice, is nothing', async ({ a }) => {
      await a.publish({ kind: 'queued' })
      await a.close()
      await a.close()
    })
  })
}
