import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createStreamClient } from '../stream-client.ts'
import { createFakeClock } from '../testing/fake-clock.ts'
import { createFakeEnvironment } from '../testing/fake-environment.ts'
import { FakeHub } from '../testing/fake-hub.ts'
import { FakeBrowser } from '../testing/fake-tabs.ts'
// What is loaded at need is at hand here: loading takes real time, which the fake clock does not wait for.
import './tabs.ts'

type Action =
  | { readonly do: 'say'; readonly session: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'drop' | 'restart' }
  | {
      readonly do: 'open' | 'close' | 'freeze' | 'thaw' | 'hide' | 'show' | 'leave' | 'back'
      readonly tab: number
    }

const tabActions = ['open', 'close', 'freeze', 'thaw', 'hide', 'show', 'leave', 'back'] as const

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('say' as const), session: fc.nat(1) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(4_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('drop' as const, 'restart' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom(...tabActions), tab: fc.nat(2) }) },
)

it('B5 P4 whatever happens to tabs, one stream is left, each tab shows the fold, and none hears anything twice', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 40 }), async (actions) => {
      const hub = new FakeHub()
      const clock = createFakeClock()
      const browser = new FakeBrowser()
      let words = 0

      const openTab = () => {
        const platform = browser.tab()
        const environment = createFakeEnvironment({ clock, tabs: platform, fetch: hub.fetch })
        const client = createStreamClient({ environment, userId: 'u', local: 'off' })
        const told: string[] = []
        const sessions = ['s0', 's1'].map((id) => {
          const session = client.session(id)
          session.on('user_message', ({ id: cursor }) => told.push(cursor ?? ''))
          return session
        })
        let isAway = false
        return {
          environment,
          client,
          told,
          sessions,
          freeze(isFrozen: boolean) {
            platform.freeze(isFrozen)
            environment.freeze(isFrozen)
          },
          away(away: boolean) {
            if (away !== isAway) environment.emit(away ? 'pagehide' : 'pageshow')
            isAway = away
          },
        }
      }
      const tabs = new Map([[0, openTab()]])

      for (const next of actions) {
        if (next.do === 'say') {
          const content = String(++words)
          hub.append(`s${String(next.session)}`, {
            type: 'user_message',
            data: { messageId: `m${content}`, content },
          })
        } else if (next.do === 'wait') await clock.advance(next.ms)
        else if (!('tab' in next)) {
          if (next.do === 'drop') hub.drop()
          else hub.restart('s0')
        } else {
          const tab = tabs.get(next.tab)
          if (tab === undefined) {
            if (next.do === 'open') tabs.set(next.tab, openTab())
            continue
          }
          if (next.do === 'close') {
            tab.freeze(false)
            tab.client.close()
            tabs.delete(next.tab)
          } else if (next.do === 'freeze' || next.do === 'thaw') tab.freeze(next.do === 'freeze')
          else if (next.do === 'hide' || next.do === 'show') tab.environment.setVisible(next.do === 'show')
          else if (next.do === 'leave' || next.do === 'back') tab.away(next.do === 'leave')
        }
      }

      if (tabs.size === 0) tabs.set(0, openTab())
      for (const tab of tabs.values()) {
        tab.freeze(false)
        tab.away(false)
        tab.environment.setVisible(true)
      }
      for (const id of ['s0', 's1']) {
        hub.append(id, { type: 'user_message', data: { messageId: 'last', content: 'last' } })
      }
      for (let quiet = 0; quiet < 12; quiet++) {
        await clock.advance(8_000)
        hub.beat()
      }
      await clock.advance(1_000)

      expect(hub.readers).toBe(1)
      const roles = [...tabs.values()].map(({ client }) => client.connection.getSnapshot().role)
      expect(roles.filter((role) => role === 'leader')).toHaveLength(1)
      for (const { sessions, told, client } of tabs.values()) {
        for (const session of sessions) {
          expect(session.getSnapshot().conversation).toEqual(hub.stream(session.id).state)
        }
        expect(new Set(told).size).toBe(told.length)
        expect(client.connection.getSnapshot()).toMatchObject({ status: 'open', phase: 'live' })
      }
      for (const { client } of tabs.values()) client.close()
      expect(hub.readers).toBe(0)
    }),
    { numRuns: 60 },
  )
})
