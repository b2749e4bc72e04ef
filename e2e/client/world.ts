import { startModelServer, type ModelServerOptions } from '@throughline/agents/testing'
import { expect, onTestFinished } from 'vitest'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { serverAnswer, userOfCookies } from '../harness/api.ts'
import { startApp, type RunningApp } from '../harness/app.ts'
import { ask, cookieHeader, copiedAnswer, DESKTOP, launchBrowser, signInAsGuest } from '../harness/browser.ts'
import { A_MINUTE, FAST, SLOWLY } from '../harness/stage.ts'

export const QUESTION = 'How do I stream a response from a route handler?'

/** The built app with a model that writes slowly enough to be interrupted, and a browser. */
export interface ClientWorld {
  readonly app: RunningApp
  readonly browser: Browser
  /** A new person, gone after the test. @param prepare what is done before the first page is opened */
  person(prepare?: (context: BrowserContext) => Promise<unknown>): Promise<Person>
  close(): Promise<void>
}

/** A person with tabs of one browser. */
export interface Person {
  readonly context: BrowserContext
  readonly page: Page
  /** Another tab, at this session. */
  open(sessionId: string): Promise<Page>
  /** Asks, and waits until the answer is being written. */
  askAndRead(page?: Page): Promise<string>
  /** Lets the answer be written fast, and waits until it is complete; it is the server's, to the last character. */
  expectWhole(sessionId: string, page?: Page): Promise<void>
}

export interface WorldOptions {
  /** Puts something between the browser and the app, and answers where it is. */
  readonly through?: (url: string) => Promise<string>
  /** Default: one of its own. */
  readonly browser?: Browser
}

export async function createClientWorld(
  answers: ModelServerOptions = {},
  { through, browser: given }: WorldOptions = {},
): Promise<ClientWorld> {
  const pace = { ...SLOWLY, ...answers }
  const model = await startModelServer({ tokens: A_MINUTE, ...pace })
  const [app, browser] = await Promise.all([
    startApp({ OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'test-key', MODEL: 'test' }),
    given ?? launchBrowser(),
  ])
  const base = (await through?.(app.url)) ?? app.url
  return {
    app,
    browser,
    async person(prepare) {
      const context = await browser.newContext({ viewport: DESKTOP })
      // Also after a failure: the next test counts the streams.
      onTestFinished(() => context.close())
      await prepare?.(context)
      const first = await signInAsGuest(context, base)
      return {
        context,
        page: first,
        async open(sessionId) {
          const page = await context.newPage()
          await page.goto(`${base}/s/${sessionId}`)
          await page.getByTestId('answer').last().waitFor()
          return page
        },
        async askAndRead(page = first) {
          model.set(pace)
          const sessionId = await ask(page, QUESTION)
          await expect.poll(() => shownText(page), { timeout: 60_000 }).toMatch(/.{60}/s)
          return sessionId
        },
        async expectWhole(sessionId, page = first) {
          if (pace.tokensPerSecond < FAST.tokensPerSecond) model.set(FAST)
          const answer = page.getByTestId('answer').last()
          await expect.poll(() => answer.getAttribute('data-status'), { timeout: 90_000 }).toBe('complete')
          const user = userOfCookies(app.url, await cookieHeader(context, base))
          await page.bringToFront()
          expect(await copiedAnswer(page)).toBe(await serverAnswer(user, sessionId))
        },
      }
    },
    async close() {
      if (given === undefined) await browser.close()
      await app.dispose()
      await model.close()
    },
  }
}

/** What is shown of the last answer; nothing while there is none. */
export async function shownText(page: Page): Promise<string> {
  const prose = page.getByTestId('answer').last().locator('.prose-answer')
  return await prose.innerText({ timeout: 1_000 }).catch(() => '')
}

/** Counts the requests of a page to paths that begin like this. */
export function countRequests(page: Page, path: string): () => number {
  let count = 0
  page.on('request', (request) => {
    if (new URL(request.url()).pathname.startsWith(path)) count++
  })
  return () => count
}

/** Signs out by the account's menu, and waits for the way in. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Account: / }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
}
