import type { Browser, Page } from 'playwright-core'
import type { Figures } from '../harness/results.ts'
import { answerText, piecesOf } from './answer-text.ts'
import { sendLines, type LineSender } from './line-sender.ts'
import { heapMegabytes, watchRenderers } from './renderers.ts'
import { beginWatch, endWatch, type Watched } from './watch.ts'

const LENGTH = 200_000
const PER_SECOND = 1_000
const PIECE = 20
/** The answer must be on its way before it is measured: the first paint of a screen is another matter. */
const FIRST = 200
/** Of the control: as often as the client flushes, and what came by then. */
const FLUSH_MS = 33

/** One answer of 200,000 characters at 1,000 chunks a second, in the app's own conversation. */
export async function measureLongAnswer(browser: Browser, page: Page, sender: LineSender): Promise<Figures> {
  const text = answerText(LENGTH)
  const messageId = 'long'
  const lines = [
    { type: 'message_started', data: { messageId, role: 'assistant' } },
    ...piecesOf(text, PIECE).map((content) => ({
      type: 'message_chunk',
      data: { messageId, content, isComplete: false },
    })),
    { type: 'message_completed', data: { messageId, sessionId: sender.sessionId, finalContent: text } },
  ]
  const before = await heapMegabytes(page)
  const sent = sendLines(sender, lines, PER_SECOND)
  await page.waitForFunction(
    (least) => (document.querySelector('.prose-answer')?.textContent.length ?? 0) > least,
    FIRST,
  )
  const used = await watchRenderers(browser)
  await beginWatch(page)
  await sent
  const watched = await endWatch(page)
  const cpuMs = used()
  await page.locator('[data-testid="answer"][data-status="complete"]').waitFor({ timeout: 60_000 })
  const heapGrown = (await heapMegabytes(page)) - before
  await page.getByRole('link', { name: 'New conversation' }).first().click()
  await page.locator('.prose-answer').waitFor({ state: 'detached' })
  return {
    ...figuresOf(watched, cpuMs),
    rowsPerFlush: Math.max(0, ...watched.rowsOfCommits),
    flushes: watched.rowsOfCommits.length,
    heapMegabytes: heapGrown,
    heapLeftMegabytes: (await heapMegabytes(page)) - before,
  }
}

/**
 * As much text at the same pace in a page with nothing else: paragraphs of plain text put at the end of what scrolls, and
 * no framework, stream or Markdown. What the machine's browser itself is good for.
 */
export async function measurePlainText(browser: Browser, page: Page): Promise<Figures> {
  await page.goto('about:blank')
  const pieces = piecesOf(answerText(LENGTH), Math.ceil((PER_SECOND * PIECE * FLUSH_MS) / 1_000))
  const used = await watchRenderers(browser)
  await beginWatch(page)
  await page.evaluate(
    async ([texts, everyMs]) => {
      document.body.style.cssText = 'margin:0;height:100vh;overflow-y:auto;font:16px/1.65 sans-serif'
      for (const text of texts) {
        const paragraph = document.createElement('p')
        paragraph.textContent = text
        document.body.append(paragraph)
        document.body.scrollTop = document.body.scrollHeight
        await new Promise((resolve) => setTimeout(resolve, everyMs))
      }
    },
    [pieces, FLUSH_MS] as const,
  )
  return figuresOf(await endWatch(page), used())
}

function figuresOf({ seconds, frames, longTasksMs }: Watched, cpuMs: number): Figures {
  return {
    longestTaskMs: Math.max(0, ...longTasksMs),
    longTasks: longTasksMs.length,
    framesPerSecond: frames / seconds,
    cpuMsPerSecond: cpuMs / seconds,
  }
}
