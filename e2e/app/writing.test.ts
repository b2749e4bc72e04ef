import { expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { serverState, userOfCookies } from '../harness/api.ts'
import { ask, DESKTOP, answered, cookieHeader, writtenSoFar } from '../harness/browser.ts'
import { A_MINUTE, FAST, openStage, SLOWLY } from '../harness/stage.ts'

const stage = openStage({ model: { ...FAST, tokens: A_MINUTE } })

test('the Enter that ends a composition sends nothing, the next one does', async () => {
  const page = await stage.guestPage()
  const prompt = page.getByLabel('Your question')
  await prompt.focus()
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Input.imeSetComposition', { text: 'くっきー', selectionStart: 4, selectionEnd: 4 })
  await page.keyboard.press('Enter')
  expect(new URL(page.url()).pathname).toBe('/')
  await devtools.send('Input.insertText', { text: 'クッキー' })
  expect(await prompt.inputValue()).toContain('クッキー')
  // Longer than one key can take to be told twice.
  await page.waitForFunction(
    (since) => performance.now() - since > 100,
    await page.evaluate(() => performance.now()),
  )
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/s\//)
  await page.context().close()
})

test('Shift+Enter breaks the line, and what was not sent survives a reload', async () => {
  const page = await stage.guestPage()
  const prompt = page.getByLabel('Your question')
  await prompt.fill('First line')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('second line')
  await page.reload()
  await expect.poll(() => prompt.inputValue()).toBe('First line\nsecond line')
  await page.context().close()
})

test('a screen reader hears each step once in one polite line, and the transcript itself says nothing', async () => {
  stage.model.set(SLOWLY)
  const page = await stage.guestPage()
  await listen(page)
  await ask(page, 'How do I read cookies?')
  await expect.poll(() => writtenSoFar(page)).toBeGreaterThan(20)
  stage.model.set(FAST)
  // The toast stays for a while only.
  await page.getByText('Research completed').waitFor({ timeout: 60_000 })
  const completed = /^Answer complete, \d+ sources?$/
  await expect.poll(() => heard(page)).toContainEqual(expect.stringMatching(completed))
  const steps = await heard(page)
  // What was over before the page followed is shown, and not told.
  expect(steps).toContain('Writer finished')
  expect(new Set(steps).size).toBe(steps.length)
  expect(await page.getByRole('log').getAttribute('aria-live')).toBe('off')
  expect(await page.locator('[role=status]').count()).toBe(1)
  expect(await page.locator('main [role=alert]').count()).toBe(0)
  await page.context().close()
})

test('what ended while the reader was away is told when they are back, and never again', async () => {
  stage.model.set(SLOWLY)
  const page = await stage.guestPage()
  await listen(page)
  const sessionId = await ask(page, 'How do I read cookies?')
  await expect.poll(() => writtenSoFar(page)).toBeGreaterThan(20)
  const cookies = await cookieHeader(page.context(), stage.app.url)
  await page.goto('about:blank')
  stage.model.set(FAST)
  const user = userOfCookies(stage.app.url, cookies)
  await expect.poll(async () => (await serverState(user, sessionId)).runs[0]?.status).toBe('completed')
  const completed = expect.stringMatching(/^Answer complete, \d+ sources?$/) as unknown
  await page.goto(`${stage.app.url}/s/${sessionId}`)
  await page.getByText('Research completed').waitFor()
  await expect.poll(() => heard(page)).toContainEqual(completed)

  await page.reload()
  await answered(page)
  await ask(page, 'And headers?')
  await page.getByText('Research completed').waitFor({ timeout: 60_000 })
  await expect.poll(() => heard(page)).toContainEqual(completed)
  expect((await heard(page)).filter((line) => line.startsWith('Answer complete'))).toHaveLength(1)
  await page.context().close()
})

test('from signing in to a file with the answer, no mouse is needed', async () => {
  const context = await stage.browser.newContext({ viewport: DESKTOP, acceptDownloads: true })
  const page = await context.newPage()
  await page.goto(stage.app.url)
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
  await tabTo(page, 'Continue as guest')
  await page.keyboard.press('Enter')
  await page.getByLabel('Your question').waitFor()
  await expect.poll(() => focused(page)).toBe('Your question')
  await page.keyboard.type('How do I read cookies?')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/s\//)
  await answered(page)
  // The first citation, its passage, and back.
  await tabTo(page, /^Source 1: /, 'Shift+Tab')
  await page.keyboard.press('Enter')
  await page.getByTestId('passage').locator('mark').waitFor()
  await page.keyboard.press('Escape')
  await expect.poll(() => focused(page)).toMatch(/^Source 1: /)
  await tabTo(page, 'Export', 'Shift+Tab')
  await page.keyboard.press('Enter')
  await expect.poll(() => focused(page)).toBe('As Markdown')
  const download = page.waitForEvent('download')
  await page.keyboard.press('ArrowDown')
  await expect.poll(() => focused(page)).not.toBe('As Markdown')
  await page.keyboard.press('ArrowUp')
  await expect.poll(() => focused(page)).toBe('As Markdown')
  await page.keyboard.press('Enter')
  expect((await download).suggestedFilename()).toBe('How-do-I-read-cookies.md')
  await expect.poll(() => focused(page)).toBe('Export')
  await context.close()
})

test('what is asked while the team works waits its turn, and says so', async () => {
  stage.model.set(SLOWLY)
  const page = await stage.guestPage()
  await ask(page, 'How do I read cookies?')
  await page.getByTestId('answer').first().waitFor()
  // What is selected while the answer is written stays selected, and can be copied.
  await expect.poll(() => writtenSoFar(page)).toBeGreaterThan(40)
  const selected = await selectGrowing(page)
  expect(selected).not.toBe('')
  const length = await writtenSoFar(page)
  await expect.poll(() => writtenSoFar(page)).toBeGreaterThan(length + 40)
  expect(await page.evaluate(() => getSelection()?.toString())).toBe(selected)
  await page.getByLabel('Your question').fill('And how do I set them?')
  await page.keyboard.press('Enter')
  await page.getByText('Waits for the answer before it.').waitFor()
  stage.model.set(FAST)
  await expect
    .poll(() => page.locator('[data-testid=answer][data-status=complete]').count(), { timeout: 60_000 })
    .toBe(2)
  await page.context().close()
})

test('a reader who scrolled up stays there, and one click leads back to the end', async () => {
  stage.model.set(SLOWLY)
  const page = await stage.guestPage()
  await ask(page, 'How do I read cookies?')
  const log = page.getByRole('log').locator('..')
  await expect
    .poll(() => log.evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight))
    .toBeGreaterThan(150)
  await log.hover()
  await page.mouse.wheel(0, -2_000)
  await page.getByRole('button', { name: 'Jump to latest' }).waitFor()
  const top = await log.evaluate((element) => element.scrollTop)
  stage.model.set(FAST)
  await answered(page)
  expect(await log.evaluate((element) => element.scrollTop)).toBe(top)
  await page.getByRole('button', { name: 'Jump to latest' }).click()
  await expect
    .poll(() =>
      log.evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight),
    )
    .toBeLessThan(48)
  await page.context().close()
})

/** Selects in the text that is being written; what. */
async function selectGrowing(page: Page): Promise<string> {
  return page
    .getByTestId('answer')
    .last()
    .locator('.prose-answer')
    .evaluate((prose) => {
      const texts = document.createTreeWalker(prose, NodeFilter.SHOW_TEXT)
      let last: Node | null = null
      for (let text = texts.nextNode(); text !== null; text = texts.nextNode())
        if ((text.nodeValue ?? '').trim() !== '') last = text
      if (last !== null) getSelection()?.setBaseAndExtent(last, 0, last, last.nodeValue?.length ?? 0)
      return getSelection()?.toString() ?? ''
    })
}

/** The name of what has the focus. */
async function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement
    const labels = element instanceof HTMLTextAreaElement ? element.labels : []
    return element?.getAttribute('aria-label') ?? labels[0]?.textContent ?? element?.textContent ?? ''
  })
}

/** Presses a key until the focus is where it is wanted; a keyboard that never gets there fails. */
async function tabTo(page: Page, name: string | RegExp, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const seen: string[] = []
  for (let presses = 0; presses < 120; presses++) {
    const now = await focused(page)
    if (typeof name === 'string' ? now.trim() === name : name.test(now)) return
    seen.push(now.slice(0, 40))
    await page.keyboard.press(key)
  }
  throw new Error(`${String(name)} is not reached by ${key}; seen: ${[...new Set(seen)].join(' | ')}`)
}

/** Notes, on each page from now on, what its status line says. */
async function listen(page: Page): Promise<void> {
  const note = () => {
    const lines: string[] = []
    Object.assign(globalThis, { heard: lines })
    new MutationObserver(() => {
      const text = document.querySelector('[data-testid=status-line]')?.textContent?.trim() ?? ''
      if (text !== '' && lines.at(-1) !== text) lines.push(text)
    }).observe(document, { childList: true, characterData: true, subtree: true })
  }
  await page.evaluate(note)
  await page.addInitScript(note)
}

/** What a screen reader was told on this page, sentence by sentence. */
async function heard(page: Page): Promise<readonly string[]> {
  const lines = await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard)
  return lines.flatMap((line) => line.split('. '))
}
