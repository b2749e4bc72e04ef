import { expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { apiUser, userOfCookies, type ApiUser } from '../harness/api.ts'
import { cookieHeader } from '../harness/browser.ts'
import { openStage } from '../harness/stage.ts'
import { publisherToken } from '../harness/token.ts'

const TURNS = 500
/** Turns in the page at once, whatever the length: a few screens of them. */
const MAX_ROWS = 80
/** What may be left of a conversation of 1,000 messages once one has left it, bytes. */
const MAX_LEFT = 8 * 1_048_576

const stage = openStage({ env: { AGENTS: 'off' } })

test('a session of 500 turns keeps few of them in the page, is read to its beginning, loses no focus and no memory', async () => {
  const page = await stage.guestPage()
  const user = userOfCookies(stage.app.url, await cookieHeader(page.context(), stage.app.url))
  const { id } = await user.json<{ id: string }>('POST', '/api/sessions', { title: 'A long one' })
  await writeTurns(apiUser(stage.app.url, await publisherToken(stage.app.dataDir)), id)
  await page.reload()
  const listed = page.locator(`a[data-session="${id}"]`)
  // Everything that any screen needs is loaded before what is held is counted.
  await listed.click()
  await page.getByText(`Question ${String(TURNS - 1)}?`).waitFor()
  await page.getByRole('link', { name: 'Library' }).click()
  await page.getByText('Nothing of yours yet').waitFor()
  const before = await heapOf(page)

  await listed.click()
  await page.getByText(`Question ${String(TURNS - 1)}?`).waitFor()
  const rows = page.getByRole('log').getByRole('article')
  await expect.poll(() => isAtEnd(page)).toBe(true)
  const first = page.getByText('Question 0?', { exact: true })
  const counts: number[] = []
  const read: number[] = []
  while ((await first.count()) === 0) {
    await scroll(page, -4_000)
    // A busy machine draws what was scrolled to a little later.
    let turn = NaN
    await expect.poll(async () => (turn = await turnInSight(page))).not.toBeNaN()
    counts.push(await rows.count())
    read.push(turn)
  }
  expect(Math.max(...counts.slice(-20))).toBeLessThan(MAX_ROWS)
  // What is put before the reader, and the change to fewer turns in the page, moves nobody by more than a turn.
  read.forEach((turn, at) => {
    expect(turn).toBeLessThanOrEqual((read[at - 1] ?? TURNS) + 1)
  })

  // A keyboard stays where it is, however far its turn is scrolled away.
  await page.getByTestId('question').first().getByRole('button', { name: 'Copy question' }).focus()
  await scroll(page, 30_000)
  expect(await first.count()).toBe(1)
  await expect.poll(() => turnInSight(page)).toBeGreaterThan(20)
  expect(await focused(page)).toBe('Copy question')
  await page.getByRole('button', { name: 'Jump to latest' }).click()
  await page.getByText(`Question ${String(TURNS - 1)}?`).waitFor()
  await expect.poll(() => isAtEnd(page)).toBe(true)
  await expect.poll(() => rows.count()).toBeLessThan(MAX_ROWS)
  await expect.poll(() => focused(page)).toBe('prompt')

  await page.getByRole('link', { name: 'Library' }).click()
  await page.getByText('Nothing of yours yet').waitFor()
  await expect.poll(async () => (await heapOf(page)) - before).toBeLessThan(MAX_LEFT)
  await page.context().close()
})

/** Writes a conversation as a backend elsewhere does. */
async function writeTurns(user: ApiUser, sessionId: string): Promise<void> {
  const paragraph = 'What an answer says takes a few lines, so that a screen holds not many of them. '
  const lines = Array.from({ length: TURNS }, (_, turn) => {
    const [question, answer] = [`u${String(turn)}`, `m${String(turn)}`]
    const finalContent = `Answer ${String(turn)}.\n\n${paragraph.repeat(12)}`
    return [
      {
        type: 'user_message',
        ...(turn > 0 && { parentId: `m${String(turn - 1)}` }),
        data: { messageId: question, content: `Question ${String(turn)}?` },
      },
      { type: 'message_started', parentId: question, data: { messageId: answer, role: 'assistant' } },
      { type: 'message_completed', data: { messageId: answer, sessionId, finalContent } },
    ]
  }).flat()
  const body = lines.map((line, at) => `${JSON.stringify({ producerSeq: at + 1, ...line })}\n`).join('')
  const response = await user.request('POST', `/api/sessions/${sessionId}/events?producerId=backend`, body, {
    'content-type': 'application/x-ndjson',
  })
  expect([response.status, response.ok ? '' : await response.text()]).toEqual([200, ''])
}

/** Scrolls, and lets the page draw. */
async function scroll(page: Page, by: number): Promise<void> {
  await page.getByRole('log').evaluate(
    (log, top) =>
      new Promise((resolve) => {
        log.parentElement?.scrollBy(0, top)
        requestAnimationFrame(() => requestAnimationFrame(resolve))
      }),
    by,
  )
}

/** What has the focus. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { id = '', textContent = '' } = document.activeElement ?? {}
    return id === '' ? (textContent ?? '') : id
  })
}

/** The number of the first question that the reader sees. */
async function turnInSight(page: Page): Promise<number> {
  return page.getByTestId('question').evaluateAll((questions) => {
    const seen = questions.find((question) => question.getBoundingClientRect().bottom > 0)
    return Number(/\d+/.exec(seen?.textContent ?? '')?.[0])
  })
}

/** What the page's scripts hold once nothing can be let go any more, bytes. */
async function heapOf(page: Page): Promise<number> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devtools.send('Runtime.getHeapUsage')
  await devtools.detach()
  return usedSize
}

async function isAtEnd(page: Page): Promise<boolean> {
  return page.getByRole('log').evaluate(({ parentElement: viewport }) => {
    const { scrollHeight = 0, scrollTop = 0, clientHeight = 0 } = viewport ?? {}
    return scrollHeight - scrollTop - clientHeight < 48
  })
}
