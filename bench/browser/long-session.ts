import type { Page } from 'playwright-core'
import type { Figures } from '../harness/results.ts'
import { answerText } from './answer-text.ts'
import { sendLines, type LineSender } from './line-sender.ts'

const TURNS = 500
const ANSWER = 1_500
const SCROLLS = 40

/** A session of 500 turns: opened, read, scrolled from its end to its beginning. */
export async function measureLongSession(page: Page, sender: LineSender): Promise<Figures> {
  const lines = Array.from({ length: TURNS }, (_, turn) => [
    { type: 'user_message', data: { messageId: `u${turn}`, content: `Question ${turn}?` } },
    { type: 'message_started', data: { messageId: `m${turn}`, role: 'assistant' } },
    {
      type: 'message_completed',
      data: { messageId: `m${turn}`, sessionId: sender.sessionId, finalContent: answerText(ANSWER, turn) },
    },
  ]).flat()
  await sendLines(sender, lines, 0)
  const began = performance.now()
  await page.goto(`${sender.url}/s/${sender.sessionId}`)
  await page.locator('article').last().waitFor()
  const openMs = performance.now() - began
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Performance.enable')
  await cdp.send('HeapProfiler.collectGarbage')
  const framesPerSecond = await page.evaluate(async (scrolls) => {
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
  const { metrics } = await cdp.send('Performance.getMetrics')
  const metric = (name: string): number => metrics.find((each) => each.name === name)?.value ?? Number.NaN
  return {
    openMs,
    rows: await page.locator('article').count(),
    nodes: metric('Nodes'),
    heapMegabytes: metric('JSHeapUsedSize') / 1_048_576,
    framesPerSecond,
  }
}
