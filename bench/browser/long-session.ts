import type { Page } from 'playwright-core'
import type { Figures } from '../harness/results.ts'
import { answerText, piecesOf } from './answer-text.ts'
import { sendLines, type LineSender } from './line-sender.ts'
import { heapMegabytes } from './renderers.ts'
import { beginWatch, endWatch } from './watch.ts'

const TURNS = 500
const ANSWER = 1_500
const SCROLLS = 40

/** An answer written at its end: characters, and pieces a second. */
const WRITTEN = 20_000
const PER_SECOND = 200
const PIECE = 20

/** A session of 500 turns: opened, added to, scrolled from its end to its beginning, left. */
export async function measureLongSession(page: Page, sender: LineSender): Promise<Figures> {
  const lines = Array.from({ length: TURNS }, (_, turn) => [
    {
      type: 'user_message',
      parentId: turn === 0 ? null : `m${turn - 1}`,
      data: { messageId: `u${turn}`, content: `Question ${turn}?` },
    },
    {
      type: 'message_started',
      parentId: `u${turn}`,
      data: { messageId: `m${turn}`, role: 'assistant' },
    },
    {
      type: 'message_completed',
      data: { messageId: `m${turn}`, sessionId: sender.sessionId, finalContent: answerText(ANSWER, turn) },
    },
  ]).flat()
  await sendLines(sender, lines, 0)
  const before = await heapMegabytes(page)
  const began = performance.now()
  await page.goto(`${sender.url}/s/${sender.sessionId}`)
  await page.locator('article').last().waitFor()
  const openMs = performance.now() - began
  const begin = {
    type: 'message_started',
    parentId: `m${TURNS - 1}`,
    data: { messageId: 'new', role: 'assistant' },
  }
  await sendLines(sender, [begin], 0)
  await page.waitForFunction(() => document.querySelector('[data-status="streaming"]') !== null)
  await beginWatch(page)
  await sendLines(sender, chunks(), PER_SECOND)
  const { frames, seconds, longTasksMs, rowsOfCommits } = await endWatch(page)
  const rows = await page.locator('article').count()
  const nodes = await page.evaluate(() => document.querySelectorAll('*').length)
  const scrolled = await scroll(page)
  const heapOpen = (await heapMegabytes(page)) - before
  await page.getByRole('link', { name: 'New conversation' }).first().click()
  await page.locator('article').first().waitFor({ state: 'detached' })
  return {
    openMs,
    rows,
    nodes,
    framesPerSecond: scrolled,
    writingFramesPerSecond: frames / seconds,
    longestTaskMs: Math.max(0, ...longTasksMs),
    rowsPerFlush: Math.max(0, ...rowsOfCommits),
    heapMegabytes: heapOpen,
    heapLeftMegabytes: (await heapMegabytes(page)) - before,
  }
}

function chunks() {
  return piecesOf(answerText(WRITTEN), PIECE).map((content) => ({
    type: 'message_chunk',
    data: { messageId: 'new', content, isComplete: false },
  }))
}

/** Frames a second while it is scrolled towards its beginning. */
function scroll(page: Page): Promise<number> {
  return page.evaluate(async (scrolls) => {
    const viewport = document.querySelector('[role="log"]')?.parentElement
    let frames = 0
    const began = performance.now()
    for (let at = 0; at < scrolls * 4; at += 1) {
      viewport?.scrollBy(0, -400)
      await new Promise((resolve) => requestAnimationFrame(resolve))
      frames += 1
    }
    return (frames * 1_000) / (performance.now() - began)
  }, SCROLLS)
}
