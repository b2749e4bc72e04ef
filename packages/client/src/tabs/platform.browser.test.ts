import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chromiumPath, openChromium } from '../testing/chromium.ts'
import type { TestBrowser } from '../testing/chromium.ts'
import type { Page } from 'playwright-core'
import type { createElection } from './election.ts'
import type { TabChannel, browserTabs } from './platform.ts'

interface Modules {
  readonly createElection: typeof createElection
  readonly browserTabs: typeof browserTabs
}

type ElectionWindow = typeof globalThis & {
  readonly modules: Modules
  roles: string[]
  election: ReturnType<typeof createElection>
  channel: TabChannel | undefined
}

describe.skipIf(chromiumPath === undefined)(
  'an election by Web Locks (skipped where there is no Chromium)',
  () => {
    let browser: TestBrowser

    beforeAll(async () => {
      browser = await openChromium(
        "export { createElection } from './tabs/election.ts'; export { browserTabs } from './tabs/platform.ts'",
      )
    }, 60_000)

    afterAll(async () => {
      await browser.close()
    })

    const stand = (page: Page): Promise<void> =>
      page.evaluate(() => {
        const scope = globalThis as ElectionWindow
        const platform = scope.modules.browserTabs()
        if (platform === undefined) throw new Error('no locks here')
        scope.roles = []
        scope.election = scope.modules.createElection({
          platform,
          lockName: 'test',
          onLead: () => scope.roles.push('leader'),
          onFollow: () => scope.roles.push('follower'),
        })
        scope.election.stand()
      })
    const roles = (page: Page, count: number): Promise<readonly string[]> =>
      page
        .waitForFunction((least) => {
          const { roles: seen } = globalThis as ElectionWindow
          return seen.length >= least ? seen : undefined
        }, count)
        .then((handle) => handle.jsonValue() as Promise<readonly string[]>)

    it('one leads; closing, resigning and stealing hand the lead on, and the robbed follows', async () => {
      const [one, two, three] = [await browser.open(), await browser.open(), await browser.open()]
      await stand(one)
      expect(await roles(one, 1)).toEqual(['leader'])
      await stand(two)
      expect(await roles(two, 1)).toEqual(['follower'])
      await stand(three)
      expect(await roles(three, 1)).toEqual(['follower'])
      await one.close()
      expect(await roles(two, 2)).toEqual(['follower', 'leader'])
      await three.evaluate(() => {
        ;(globalThis as ElectionWindow).election.steal()
      })
      expect(await roles(three, 2)).toEqual(['follower', 'leader'])
      expect(await roles(two, 3)).toEqual(['follower', 'leader', 'follower'])
      await three.evaluate(() => {
        ;(globalThis as ElectionWindow).election.resign()
      })
      expect(await roles(two, 4)).toEqual(['follower', 'leader', 'follower', 'leader'])
    })

    it('a channel reaches every other tab and not the sender', async () => {
      const [one, two] = [await browser.open(), await browser.open()]
      const listen = (page: Page): Promise<void> =>
        page.evaluate(() => {
          const scope = globalThis as ElectionWindow
          scope.channel = scope.modules.browserTabs()?.channel('words')
          scope.roles = []
          scope.channel?.listen((message) => scope.roles.push(String(message)))
        })
      await listen(one)
      await listen(two)
      await one.evaluate(() => {
        ;(globalThis as ElectionWindow).channel?.post('hello')
      })
      expect(await roles(two, 1)).toEqual(['hello'])
      expect(await one.evaluate(() => (globalThis as ElectionWindow).roles)).toEqual([])
    })
  },
)
