/** The browser: real Chromium, the built app, the system's clock. */
import { parseArgs } from 'node:util'
import type { Page } from 'playwright-core'
import { startApp } from '../../e2e/harness/app.ts'
import { DESKTOP, launchBrowser, signInAsGuest } from '../../e2e/harness/browser.ts'
import { publisherToken } from '../../e2e/harness/token.ts'
import { measurePart } from '../harness/part.ts'
import type { Figures } from '../harness/results.ts'
import type { LineSender } from './line-sender.ts'
import { measureLongAnswer, measurePlainText } from './long-answer.ts'
import { measureLongSession } from './long-session.ts'
import { appStyles, bundlePage, measureMarkdown } from './markdown.ts'
import { installWatch } from './watch.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '3' } },
})
const runs = Number(values.runs)
const wants = (name: string): boolean => positionals.length === 0 || positionals.includes(name)

const app = await startApp({ AGENTS: 'off', RATE_LIMIT_PER_MINUTE: '0' })
const browser = await launchBrowser()
let sessions = 0

/** A guest's page and a session of that guest to which a producer may write. */
async function withSession(measure: (page: Page, sender: LineSender) => Promise<Figures>): Promise<Figures> {
  const context = await browser.newContext({ viewport: DESKTOP })
  try {
    const page = await signInAsGuest(context, app.url)
    await installWatch(page)
    const sessionId = `bench-${(sessions += 1)}`
    const status = await page.evaluate(async (id) => {
      const headers = { 'content-type': 'application/json', 'x-throughline': '1' }
      return (await fetch(`/api/sessions/${id}`, { method: 'PUT', headers, body: '{}' })).status
    }, sessionId)
    if (status >= 300) throw new Error(`a session was answered ${status}`)
    return await measure(page, { url: app.url, token: await publisherToken(app.dataDir), sessionId })
  } finally {
    await context.close()
  }
}

try {
  if (wants('long-answer')) {
    await measurePart({
      name: 'browser/long-answer',
      title: 'an answer of 200,000 characters at 1,000 chunks/s',
      columns: {
        longestTaskMs: 'longest task over 50 ms',
        longTasks: 'tasks over 50 ms',
        framesPerSecond: 'frames/s',
        cpuMsPerSecond: 'main thread, ms of CPU per s',
        rowsPerFlush: 'most turns rendered by a flush',
        flushes: 'flushes',
        heapMegabytes: 'heap grown, MB',
        heapLeftMegabytes: 'after leaving, MB',
      },
      runs,
      subjects: {
        throughline: () =>
          withSession(async (page, sender) => {
            await page.goto(`${sender.url}/s/${sender.sessionId}`)
            await page.getByLabel('Your question').waitFor()
            return measureLongAnswer(browser, page, sender)
          }),
        'plain text, no framework': () => withSession((page) => measurePlainText(browser, page)),
      },
    })
  }
  if (wants('markdown')) {
    const shown = { script: await bundlePage(), styles: await appStyles() }
    await measurePart({
      name: 'browser/markdown',
      title: 'Markdown of 32 KB in 400 flushes',
      columns: { taskMs: 'main thread, ms' },
      runs,
      subjects: {
        'settled prefix': () => measureMarkdown(browser, shown, 'settled prefix'),
        'memoised blocks': () => measureMarkdown(browser, shown, 'memoised blocks'),
        'whole text': () => measureMarkdown(browser, shown, 'whole text'),
      },
    })
  }
  if (wants('long-session')) {
    await measurePart({
      name: 'browser/long-session',
      title: 'a session of 500 turns: opened, added to at 200 chunks/s, scrolled towards its beginning, left',
      columns: {
        openMs: 'until the last turn is shown, ms',
        rows: 'turns in the page',
        nodes: 'DOM nodes',
        framesPerSecond: 'frames/s while scrolling',
        writingFramesPerSecond: 'while an answer is written',
        longestTaskMs: 'longest task over 50 ms then',
        rowsPerFlush: 'most turns rendered by a flush',
        heapMegabytes: 'heap grown, MB',
        heapLeftMegabytes: 'after leaving, MB',
      },
      runs,
      subjects: { throughline: () => withSession(measureLongSession) },
    })
  }
} finally {
  await browser.close()
  await app.dispose()
}
