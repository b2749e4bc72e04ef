import { startModelServer, type ModelServer, type ModelServerOptions } from '@throughline/agents/testing'
import { afterAll, beforeAll } from 'vitest'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { startApp, type RunningApp } from './app.ts'
import { DESKTOP, launchBrowser, signInAsGuest } from './browser.ts'

/** Rates of an answer: one that leaves time for something meanwhile, and one that nobody waits for. */
export const SLOWLY = { tokensPerSecond: 10 }
export const FAST = { tokensPerSecond: 2_000 }
/** Tokens of an answer that is a minute from its end, slowly. */
export const A_MINUTE = 600

export interface StageOptions {
  /** Who writes the answers. Default: the built-in team, which is done at once. */
  readonly model?: ModelServerOptions
  readonly env?: Record<string, string>
}

/** An app and a browser for all tests of a file. What it gives stands from the first test on. */
export interface Stage {
  readonly app: RunningApp
  readonly browser: Browser
  /** The model's server, which the options name. */
  readonly model: ModelServer
  /** A new guest's page, ready to ask, in a context of its own; without options on a desktop. */
  guestPage(options?: BrowserContextOptions): Promise<Page>
}

/** Starts an app and a browser before the tests of a file, and ends them after the last. */
export function openStage({ model, env = {} }: StageOptions = {}): Stage {
  const opened: { app?: RunningApp; browser?: Browser; model?: ModelServer } = {}
  beforeAll(async () => {
    if (model !== undefined) opened.model = await startModelServer(model)
    const settings = opened.model && {
      OPENAI_BASE_URL: opened.model.url,
      OPENAI_API_KEY: 'test-key',
      MODEL: 'test',
    }
    const starting = [
      startApp({ ...settings, ...env }).then((app) => (opened.app = app)),
      launchBrowser().then((browser) => (opened.browser = browser)),
    ]
    // All of what has started is ended, whatever has not.
    for (const result of await Promise.allSettled(starting))
      if (result.status === 'rejected') throw result.reason
  })
  afterAll(async () => {
    await Promise.all([opened.browser?.close(), opened.app?.dispose(), opened.model?.close()])
  })
  return {
    get app() {
      return there(opened.app)
    },
    get browser() {
      return there(opened.browser)
    },
    get model() {
      return there(opened.model)
    },
    async guestPage(options = { viewport: DESKTOP, acceptDownloads: true }) {
      return signInAsGuest(await there(opened.browser).newContext(options), there(opened.app).url)
    },
  }
}

function there<T>(part: T | undefined): T {
  if (part === undefined)
    throw new Error('It stands within tests only, and the model when the options name one.')
  return part
}
