import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { initialConversation, reduceConversation } from '@throughline/protocol'
import { makeEnvelopes } from '../testing/envelopes.ts'
import { chromiumPath, openChromium } from '../testing/chromium.ts'
import type { TestBrowser } from '../testing/chromium.ts'
import type { OutboxEntry } from '../outbox/command.ts'
import type { createIndexedDbStore } from './indexed-db.ts'

declare global {
  // What `openChromium` gives the pages of this file.
  interface Window {
    readonly modules: { readonly createIndexedDbStore: typeof createIndexedDbStore }
  }
}

/** A conversation that a page can be handed. */
function conversation(sessionId: string, title: string) {
  const events = makeEnvelopes(sessionId)
  return reduceConversation(initialConversation(sessionId), [events.stored('session_updated', { title })])
}

function waiting(id: string, createdAt: number): OutboxEntry {
  const command = { kind: 'send', content: id, attachments: [], parentId: null } as const
  return { id, command, createdAt, state: 'pending', appliedAt: null, error: null }
}

describe.skipIf(chromiumPath === undefined)(
  'the IndexedDB store (skipped where there is no Chromium)',
  () => {
    let browser: TestBrowser

    beforeAll(async () => {
      browser = await openChromium("export { createIndexedDbStore } from './local/indexed-db.ts'")
    }, 60_000)

    afterAll(async () => {
      await browser.close()
    })

    it('B1 gives back over a reload what was saved, and nothing of another user', async () => {
      const page = await browser.open()
      await page.evaluate(
        async (state) => {
          const store = window.modules.createIndexedDbStore('a')('alice')
          await store.saveSession(state)
          await store.saveSession({ ...state, title: 'newer' })
          store.close()
        },
        conversation('s1', 'older'),
      )
      await page.reload()
      const found = await page.evaluate(async () => {
        const alice = window.modules.createIndexedDbStore('a')('alice')
        const first = await alice.loadSession('s1')
        const unknown = await alice.loadSession('s2')
        alice.close()
        const bob = window.modules.createIndexedDbStore('a')('bob')
        const foreign = await bob.loadSession('s1')
        bob.close()
        const again = window.modules.createIndexedDbStore('a')('alice')
        const removed = await again.loadSession('s1')
        return [first?.title, first?.position?.offset, unknown, foreign, removed]
      })
      expect(found).toEqual(['newer', 1, undefined, undefined, undefined])
    })

    it('keeps the 50 saved last', async () => {
      const page = await browser.open()
      const kept = await page.evaluate(
        async (state) => {
          const store = window.modules.createIndexedDbStore('b')('alice')
          for (let at = 0; at < 60; at++) {
            await store.saveSession({ ...state, sessionId: `s${String(at)}` })
            await new Promise((resolve) => setTimeout(resolve, 2))
          }
          const found = await Promise.all(
            Array.from({ length: 60 }, (_, at) => store.loadSession(`s${String(at)}`)),
          )
          return found.map((session) => session !== undefined)
        },
        conversation('s', 'x'),
      )
      expect(kept.filter(Boolean)).toHaveLength(50)
      expect(kept.slice(10).every(Boolean)).toBe(true)
    })

    it('keeps unsent commands in the order they were written, until they are deleted or everything is wiped', async () => {
      const page = await browser.open()
      const steps = await page.evaluate(
        async ([one, two, three]) => {
          const store = window.modules.createIndexedDbStore('c')('alice')
          const ids = async () =>
            (await store.loadOutbox()).map(({ entry, sessionId }) => `${sessionId} ${entry.id}`)
          for (const entry of [three, one, two])
            if (entry) await store.saveCommand({ sessionId: 's1', entry })
          const all = await ids()
          await store.deleteCommand('two')
          const left = await ids()
          await store.wipe()
          return [all, left, await ids()]
        },
        [waiting('one', 1), waiting('two', 2), waiting('three', 3)],
      )
      expect(steps).toEqual([['s1 one', 's1 two', 's1 three'], ['s1 one', 's1 three'], []])
    })

    it('a command is begun or taken back, by whichever tab is first, and stays so', async () => {
      const page = await browser.open()
      const found = await page.evaluate(
        async ([one, two, three]) => {
          if (!one || !two || !three) return []
          const stores = [1, 2].map(() => window.modules.createIndexedDbStore('f')('alice'))
          const [here, there] = stores
          if (!here || !there) return []
          const stored = [one, two, three].map((entry) => ({ sessionId: 's1', entry }))
          for (const command of stored) await here.saveCommand(command)
          const [first, second] = stored
          if (!first || !second) return []
          // One: begun here, then taken back there. Two: taken back there, then begun here.
          const begun = await Promise.all([
            here.beginCommand(first),
            there.discardCommand('one'),
            there.discardCommand('two'),
            here.beginCommand(second),
          ])
          // What this tab still says of it changes nothing.
          await here.saveCommand(second)
          await here.deleteCommand('two')
          const later = [await here.beginCommand(second), await here.beginCommand(first)]
          const left = (await there.loadOutbox()).map(({ entry, sent }) => `${entry.id} ${String(sent)}`)
          return [begun, later, left, await there.discardCommand('unknown')]
        },
        [waiting('one', 1), waiting('two', 2), waiting('three', 3)],
      )
      expect(found).toEqual([[true, false, true, false], [false, false], ['three false'], false])
    })

    it('drops what was written under an older schema', async () => {
      const page = await browser.open()
      const found = await page.evaluate(
        async (state) => {
          await new Promise<void>((resolve, reject) => {
            const old = indexedDB.open('e', 1)
            old.onupgradeneeded = () => {
              const store = old.result.createObjectStore('outbox', { keyPath: ['userId', 'messageId'] })
              store.put({ userId: 'alice', messageId: 'm1', sessionId: 's1', message: { id: 'm1' } })
            }
            old.onsuccess = () => {
              old.result.close()
              resolve()
            }
            old.onerror = reject
          })
          const store = window.modules.createIndexedDbStore('e')('alice')
          await store.saveSession(state)
          return [await store.loadOutbox(), (await store.loadSession('s1')) !== undefined]
        },
        conversation('s1', 'x'),
      )
      expect(found).toEqual([[], true])
    })

    it('finds nothing, and fails nowhere, when there is no database to be had', async () => {
      const page = await browser.open()
      const outcome = await page.evaluate(
        async ([state, entry]) => {
          Object.defineProperty(window, 'indexedDB', {
            value: {
              open: () => {
                throw new DOMException('no', 'SecurityError')
              },
            },
          })
          const store = window.modules.createIndexedDbStore('d')('alice')
          await store.saveSession(state)
          await store.wipe()
          const begun = await store.beginCommand({ sessionId: 's1', entry })
          const isSure = await store.discardCommand(entry.id)
          store.close()
          return [await store.loadSession('s1'), await store.loadOutbox(), begun, isSure]
        },
        [conversation('s1', 'x'), waiting('one', 1)] as const,
      )
      expect(outcome).toEqual([undefined, [], true, true])
    })
  },
)
