import { expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { findBarriers } from '../harness/axe.ts'
import { ask, DESKTOP, PHONE, answered } from '../harness/browser.ts'
import { openStage } from '../harness/stage.ts'
import { watchPolicy } from './violations.ts'

const stage = openStage()

/** Screens that open with nothing done before, and what says that they have. */
const OTHER_SCREENS = [
  ['/settings', 'Model'],
  ['/account', 'You are a guest'],
  ['/inspect', 'Look into a capture'],
] as const

/** Every screen and everything that opens on one, in the order a person meets them. */
async function visitAll(page: Page, look: (screen: string) => Promise<void>): Promise<void> {
  await look('home')
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('Go to a conversation').waitFor()
  await look('palette')
  await page.keyboard.press('Escape')
  await ask(page, 'How do I stream a response from a route handler?')
  const answer = page.getByTestId('answer').last()
  await answered(page)
  await page.locator('pre .code-keyword').first().waitFor({ state: 'attached' })
  await look('conversation')
  await answer.getByTestId('citation').first().click()
  await page.getByTestId('passage').locator('mark').waitFor()
  await look('passage')
  await page.getByRole('button', { name: 'All sources' }).click()
  await page.getByTestId('sources').waitFor()
  await look('sources')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Show the team at work' }).first().click()
  await page.getByTestId('happenings').waitFor()
  await look('team')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Inspect the stream' }).click()
  await page.getByTestId('entry').first().click()
  await page.getByTestId('time-travel').waitFor()
  await look('inspector')
  await page.keyboard.press('Escape')
  await page.goto(`${stage.app.url}/library`)
  await page.getByText('Nothing of yours yet').waitFor()
  await look('empty library')
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles([
      {
        name: 'tea.md',
        mimeType: 'text/markdown',
        buffer: Buffer.from('# Tea\n\nSteep it for four minutes.'),
      },
      { name: 'broken.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 nothing') },
      { name: 'empty.txt', mimeType: 'text/plain', buffer: Buffer.from('') },
    ])
  await page.getByRole('button', { name: 'Tea', exact: true }).click()
  await page.getByTestId('preview').getByText('Steep it').waitFor()
  await page.getByText('The file is empty').waitFor()
  await page.locator('[data-testid=document][data-status=failed]').waitFor()
  await look('library')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Remove Tea' }).click()
  await page.getByRole('alertdialog').waitFor()
  await look('removal')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await page.keyboard.press('Escape')
  await page.locator('h1').first().click()
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
  await look('shortcuts')
  await page.keyboard.press('Escape')
  for (const [path, heading] of OTHER_SCREENS) {
    await page.goto(`${stage.app.url}${path}`)
    await page.getByRole('heading', { name: heading }).first().waitFor()
    await look(path)
  }
  await page.goto(`${stage.app.url}/s/there-is-none`)
  await page.getByRole('heading', { name: 'Not found' }).waitFor()
  await look('not found')
}

test('on a desktop, light: axe finds nothing serious, and the content policy refuses nothing', async () => {
  const context = await stage.browser.newContext({ viewport: DESKTOP, colorScheme: 'light' })
  const page = await context.newPage()
  const violations = await watchPolicy(page)
  const policies: string[] = []
  page.on('response', (response) => {
    const policy = response.headers()['content-security-policy']
    if (response.request().resourceType() === 'document') policies.push(policy ?? 'none')
  })
  const barriers = new Map<string, unknown>()
  const look = async (screen: string): Promise<void> => {
    const found = await findBarriers(page)
    if (found.length > 0) barriers.set(screen, found)
  }
  await page.goto(stage.app.url)
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
  await look('sign-in')
  await page.getByRole('button', { name: 'Continue as guest' }).click()
  await page.getByLabel('Your question').waitFor()
  await visitAll(page, look)
  expect([...barriers]).toEqual([])
  expect(await violations()).toEqual([])
  expect(policies.length).toBeGreaterThan(0)
  for (const policy of policies) {
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe-inline')
  }
  await context.close()
})

test('on a desktop, dark, with less motion: axe finds nothing serious, and nothing goes on moving', async () => {
  const page = await stage.guestPage({ viewport: DESKTOP, colorScheme: 'dark', reducedMotion: 'reduce' })
  const barriers = new Map<string, unknown>()
  const moving: string[] = []
  await visitAll(page, async (screen) => {
    const running = await page.evaluate(
      () =>
        document.getAnimations().filter(({ effect }) => {
          const { duration, iterations } = effect?.getComputedTiming() ?? {}
          return iterations === Infinity || Number(duration) > 10
        }).length,
    )
    if (running > 0) moving.push(screen)
    const found = await findBarriers(page)
    if (found.length > 0) barriers.set(screen, found)
  })
  expect([...barriers]).toEqual([])
  expect(moving).toEqual([])
  await page.context().close()
})

test('on a phone, axe finds nothing serious in the list of conversations', async () => {
  const page = await stage.guestPage({ viewport: PHONE })
  await page.getByRole('button', { name: 'Open conversations' }).click()
  await page.getByRole('navigation', { name: 'Conversations' }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.context().close()
})

test.each(['ltr', 'rtl'] as const)('no screen of 390 pixels scrolls sideways (%s)', async (direction) => {
  const page = await stage.guestPage({ viewport: PHONE })
  await setDirection(page, direction)
  const wide: string[] = []
  await visitAll(page, async (screen) => {
    if (await isTooWide(page)) wide.push(screen)
  })
  expect(wide).toEqual([])
  await page.context().close()
})

test('read from right to left, the list stands at the right and panels at the left', async () => {
  const page = await stage.guestPage({ viewport: DESKTOP })
  await setDirection(page, 'rtl')
  const places = (): Promise<string> =>
    page.evaluate(() => {
      const at = (selector: string): string => {
        const box = document.querySelector(selector)?.getBoundingClientRect()
        if (box === undefined) return 'none'
        return box.left < 1 ? 'left' : Math.abs(box.right - innerWidth) < 1 ? 'right' : 'elsewhere'
      }
      return `${at('nav[aria-label=Conversations]')} ${at('aside[data-testid]')}`
    })
  await expect.poll(places).toBe('right none')
  await ask(page, 'How do I read cookies?')
  await answered(page)
  await page.getByTestId('citation').first().click()
  await page.getByTestId('passage').waitFor()
  await expect.poll(places).toBe('right left')
  expect(await isTooWide(page)).toBe(false)
  await page.context().close()
})

test('the page speaks the language that the browser asks for, until the person chooses another', async () => {
  const context = await stage.browser.newContext({ viewport: PHONE, locale: 'de-AT' })
  const page = await context.newPage()
  const thrown: string[] = []
  page.on('pageerror', ({ message }) => thrown.push(message))
  const written = await (await page.goto(stage.app.url))?.text()
  expect(written).toContain('<html lang="de"')
  await page.getByRole('button', { name: 'Als Gast fortfahren' }).click()
  await page.getByLabel('Ihre Frage').waitFor()
  expect(await isTooWide(page)).toBe(false)
  await page.goto(`${stage.app.url}/settings`)
  await page.getByRole('radio', { name: 'English' }).check()
  await page.getByRole('heading', { name: 'Appearance' }).waitFor()
  const language = () => page.evaluate(() => document.documentElement.lang)
  await expect.poll(language).toBe('en')
  // It stays chosen, from the first byte on.
  expect(await (await page.reload())?.text()).toContain('<html lang="en"')
  await page.getByRole('radio', { name: 'As the browser has it' }).check()
  await page.getByRole('heading', { name: 'Darstellung' }).waitFor()
  await expect.poll(language).toBe('de')
  expect(thrown).toEqual([])
  await context.close()
})

async function setDirection(page: Page, direction: 'ltr' | 'rtl'): Promise<void> {
  await page.evaluate((value) => {
    localStorage.setItem('throughline.direction', value)
  }, direction)
  await page.reload()
  await page.getByLabel('Your question').waitFor()
  expect(await page.evaluate(() => getComputedStyle(document.body).direction)).toBe(direction)
}

async function isTooWide(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    const logs = [...document.querySelectorAll('[role=log]')].map(({ parentElement }) => parentElement)
    return scrollWidth > clientWidth || logs.some((log) => log !== null && log.scrollWidth > log.clientWidth)
  })
}
