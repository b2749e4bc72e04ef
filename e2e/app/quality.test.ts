import { expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { findBarriers } from '../harness/axe.ts'
import { ask, DESKTOP, PHONE, answered } from '../harness/browser.ts'
import { openStage } from '../harness/stage.ts'
import { watchPolicy } from './violations.ts'

const stage = openStage()

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
  await page.goto(`${stage.app.url}/s/there-is-none`)
  await page.getByRole('heading', { name: 'Not found' }).waitFor()
  await look('not found')
}

test.each(['light', 'dark'] as const)('axe finds nothing serious on any screen (%s)', async (colorScheme) => {
  const page = await stage.guestPage({ viewport: DESKTOP, colorScheme })
  const barriers: Record<string, unknown> = {}
  await visitAll(page, async (screen) => {
    const found = await findBarriers(page)
    if (found.length > 0) barriers[screen] = found
  })
  expect(barriers).toEqual({})
  await page.context().close()
})

test('axe finds nothing serious where a person signs in, nor on a phone', async () => {
  const context = await stage.browser.newContext({ viewport: PHONE })
  const page = await context.newPage()
  await page.goto(stage.app.url)
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('button', { name: 'Continue as guest' }).click()
  await page.getByLabel('Your question').waitFor()
  await page.getByRole('button', { name: 'Open conversations' }).click()
  await page.getByRole('navigation', { name: 'Conversations' }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await context.close()
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
  const places: Record<string, string> = {}
  await visitAll(page, async (screen) => {
    expect(await isTooWide(page)).toBe(false)
    places[screen] = await page.evaluate(() => {
      const at = (selector: string): string => {
        const box = document.querySelector(selector)?.getBoundingClientRect()
        if (box === undefined) return 'none'
        return box.left < 1 ? 'left' : Math.abs(box.right - innerWidth) < 1 ? 'right' : 'elsewhere'
      }
      return `${at('nav[aria-label=Conversations]')} ${at('aside[data-testid]')}`
    })
  })
  expect(places).toMatchObject({ home: 'right none', passage: 'right left', inspector: 'right left' })
  expect(new Set(Object.values(places).map((place) => place.split(' ')[0]))).toEqual(new Set(['right']))
  await page.context().close()
})

test('the content policy refuses nothing on any screen, and nothing throws', async () => {
  const context = await stage.browser.newContext({ viewport: DESKTOP })
  const page = await context.newPage()
  const violations = await watchPolicy(page)
  const policies: string[] = []
  page.on('response', (response) => {
    const policy = response.headers()['content-security-policy']
    if (response.request().resourceType() === 'document') policies.push(policy ?? 'none')
  })
  await page.goto(stage.app.url)
  await page.getByRole('button', { name: 'Continue as guest' }).click()
  await page.getByLabel('Your question').waitFor()
  await visitAll(page, async () => undefined)
  expect(await violations()).toEqual([])
  expect(policies.length).toBeGreaterThan(0)
  for (const policy of policies) {
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe-inline')
  }
  await context.close()
})

test('who asks for less motion is shown none that goes on', async () => {
  const page = await stage.guestPage({ viewport: DESKTOP, reducedMotion: 'reduce' })
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
  })
  expect(moving).toEqual([])
  await page.context().close()
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
