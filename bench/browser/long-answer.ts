import type { Page } from 'playwright-core'
import type { Figures } from '../harness/results.ts'
import { answerText, piecesOf } from './answer-text.ts'
import { sendLines, type LineSender } from './line-sender.ts'
import { beginWatch, endWatch } from './watch.ts'

const LENGTH = 200_000
const PER_SECOND = 1_000
const PIECE = 20
/** The answer must be on its way before it is measured: the first paint of a screen is another matter. */
const FIRST = 200

/** One answer of 200,000 characters at 1,000 chunks a second, in the app's own conversation. */
export async function measureLongAnswer(page: Page, sender: LineSender): Promise<Figures> {
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
  const heap = async (): Promise<number> => {
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('HeapProfiler.collectGarbage')
    const { usedSize } = await cdp.send('Runtime.getHeapUsage')
    await cdp.detach()
    return usedSize / 1_048_576
  }
  const before = await heap()
  const sent = sendLines(sender, lines, PER_SECOND)
  await page.waitForFunction(
    (least) => (document.querySelector('.prose-answer')?.textContent.length ?? 0) > least,
    FIRST,
  )
  await beginWatch(page)
  await sent
  const { seconds, frames, longTasksMs, rowsOfCommits } = await endWatch(page)
  await page.locator('[data-testid="answer"][data-status="complete"]').waitFor({ timeout: 60_000 })
  return {
    longestTaskMs: Math.max(0, ...longTasksMs),
    longTasks: longTasksMs.length,
    framesPerSecond: frames / seconds,
    rowsPerFlush: Math.max(0, ...rowsOfCommits),
    flushes: rowsOfCommits.length,
    heapMegabytes: (await heap()) - before,
  }
}
