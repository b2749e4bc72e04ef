import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { startApp, type RunningApp } from '../harness/app.ts'
import { findBarriers } from '../harness/axe.ts'
import { ask, DESKTOP, launchBrowser, PHONE, screenshot, signInAsGuest } from '../harness/browser.ts'

let app: RunningApp
let browser: Browser

beforeAll(async () => {
  ;[app, browser] = await Promise.all([startApp(), launchBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await app?.dispose()
})

const PASSWORD = 'nine wooden horses'
const QUESTION = 'How do I read cookies in a server component?'

async function fill(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
}

async function signUp(page: Page, email: string): Promise<void> {
  await page.goto(app.url)
  await page.getByRole('button', { name: 'I have no account yet' }).click()
  await fill(page, email)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByLabel('Your question').waitFor()
}

async function openMenu(page: Page, item: string): Promise<void> {
  await page.getByRole('button', { name: /^Account: / }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

async function answered(page: Page): Promise<void> {
  const answer = page.getByTestId('answer').last()
  await expect.poll(() => answer.getAttribute('data-status')).toBe('complete')
}

/** Presses Tab until what is focused has this name, as somebody without a mouse does. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let count = 0; count < 60; count += 1) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => {
      const element = document.activeElement
      const label =
        element instanceof HTMLInputElement ? element.labels?.[0]?.textContent : element?.textContent
      return element?.getAttribute('aria-label') ?? label ?? ''
    })
    if (focused.trim() === name) return
  }
  throw new Error(`Tab never came to "${name}"`)
}

const THEMES = [
  ['light', 'desktop', DESKTOP],
  ['dark', 'desktop', DESKTOP],
  ['light', 'phone', PHONE],
  ['dark', 'phone', PHONE],
] as const

test.each(THEMES)('sign-in, account and settings keep nobody out (%s, %s)', async (theme, size, viewport) => {
  const context = await browser.newContext({ viewport, colorScheme: theme })
  const page = await context.newPage()
  const look = async (name: string): Promise<void> => {
    await screenshot(page, `${name}-${theme}-${size}`)
    expect(await findBarriers(page)).toEqual([])
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
    expect(tooWide).toBe(false)
  }
  await page.goto(app.url)
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
  await look('sign-in')
  await fill(page, 'nobody@example.com')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('alert').getByText('do not go together').waitFor()
  await look('sign-in-refused')
  await page.getByRole('button', { name: 'Continue as guest' }).click()
  await page.getByLabel('Your question').waitFor()
  await page.goto(`${app.url}/account`)
  await page.getByText('You are a guest').waitFor()
  await look('account-guest')
  await page.goto(`${app.url}/settings`)
  await page.getByText('a model of my own provider').click()
  await page.getByLabel('Address').waitFor()
  await look('settings')
  await page.goto(`${app.url}/account`)
  await fill(page, `${theme}-${size}@example.com`)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByLabel('Your question').waitFor()
  await page.goto(`${app.url}/account`)
  await page.getByText(`${theme}-${size}@example.com`).waitFor()
  await look('account')
  await page.getByRole('button', { name: 'Delete account' }).click()
  await page.getByRole('alertdialog').waitFor()
  await look('account-delete')
  await context.close()
})

test('without a mouse: an account, a password that is refused, the settings, and out', async () => {
  const context = await browser.newContext({ viewport: DESKTOP })
  const page = await context.newPage()
  await page.goto(app.url)
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
  await tabTo(page, 'I have no account yet')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Create account' }).waitFor()
  await page.keyboard.press('Shift+Tab')
  await page.getByLabel('E-mail address').focus()
  await page.keyboard.type('keys@example.com')
  await tabTo(page, 'Password')
  await page.keyboard.type('password12')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('on every list').waitFor()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByLabel('Your question').waitFor()
  await tabTo(page, 'Account: keys')
  await page.keyboard.press('Enter')
  const focused = (item: string) => page.locator('[role=menuitem]:focus', { hasText: item }).waitFor()
  await focused('')
  await page.keyboard.press('ArrowDown')
  await focused('Settings')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/settings')
  await tabTo(page, 'Account: keys')
  await page.keyboard.press('Enter')
  await focused('')
  await page.keyboard.press('End')
  await focused('Sign out')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
  await context.close()
})

/** A guest who has asked something. */
async function guestWithAnswer(context: BrowserContext): Promise<{ page: Page; sessionId: string }> {
  const page = await signInAsGuest(context, app.url)
  const sessionId = await ask(page, QUESTION)
  await answered(page)
  return { page, sessionId }
}

test('a guest keeps its conversation in an account, and finds it on another device', async () => {
  const context = await browser.newContext({ viewport: DESKTOP })
  const { page, sessionId } = await guestWithAnswer(context)
  await openMenu(page, 'Keep my conversations')
  await fill(page, 'kept@example.com')
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByLabel('Your question').waitFor()
  await page.goto(`${app.url}/s/${sessionId}`)
  await answered(page)

  const elsewhere = await browser.newContext({ viewport: DESKTOP })
  const other = await elsewhere.newPage()
  await other.goto(`${app.url}/s/${sessionId}`)
  await fill(other, 'kept@example.com')
  await other.getByRole('button', { name: 'Sign in', exact: true }).click()
  await answered(other)

  await openMenu(page, 'Account')
  await page.getByRole('button', { name: 'Sign out everywhere' }).click()
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
  await other.getByTestId('connection-banner').getByText('You were signed out').waitFor()
  await context.close()
  await elsewhere.close()
})

test('a guest who signs in to an account chooses, and what it moves is there', async () => {
  const context = await browser.newContext({ viewport: DESKTOP })
  const owner = await context.newPage()
  await signUp(owner, 'mover@example.com')
  await openMenu(owner, 'Sign out')
  await owner.getByRole('button', { name: 'Continue as guest' }).waitFor()
  const { page, sessionId } = await guestWithAnswer(context)
  await openMenu(page, 'Keep my conversations')
  await page.getByRole('button', { name: 'I have an account' }).click()
  await page.getByText('The conversations you have as a guest').waitFor()
  await screenshot(page, 'guest-moves-light-desktop')
  await fill(page, 'mover@example.com')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByLabel('Your question').waitFor()
  await page.getByRole('button', { name: 'Account: mover' }).waitFor()
  await page.goto(`${app.url}/s/${sessionId}`)
  await answered(page)
  await context.close()
})

test('a changed password signs other browsers out and this one not; deleting ends the account', async () => {
  const [here, there] = await Promise.all([
    browser.newContext({ viewport: DESKTOP }),
    browser.newContext({ viewport: DESKTOP }),
  ])
  const [page, other] = [await here.newPage(), await there.newPage()]
  await signUp(page, 'changer@example.com')
  await other.goto(app.url)
  await fill(other, 'changer@example.com')
  await other.getByRole('button', { name: 'Sign in', exact: true }).click()
  await other.getByLabel('Your question').waitFor()

  await openMenu(page, 'Account')
  await page.getByLabel('Current password').fill(PASSWORD)
  await page.getByLabel('New password').fill('something else entirely')
  await page.getByRole('button', { name: 'Change password' }).click()
  await page.getByText('Password changed').waitFor()
  await other.reload()
  await other.getByRole('button', { name: 'Continue as guest' }).waitFor()
  await page.reload()
  await page.getByText('changer@example.com').waitFor()

  await page.getByRole('button', { name: 'Delete account' }).click()
  const dialog = page.getByRole('alertdialog')
  await dialog.getByLabel('Password', { exact: true }).fill('something else entirely')
  await dialog.getByRole('button', { name: 'Delete for good' }).click()
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
  await fill(page, 'changer@example.com', 'something else entirely')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('alert').getByText('do not go together').waitFor()
  await Promise.all([here.close(), there.close()])
})
