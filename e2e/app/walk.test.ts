import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pdfOf } from '@throughline/agents/testing'
import { expect, test } from 'vitest'
import type { Download, Page } from 'playwright-core'
import { ask, screenshot, answered } from '../harness/browser.ts'
import { openStage } from '../harness/stage.ts'

const stage = openStage()

const answerText = (page: Page): Promise<string | null> =>
  page.getByTestId('answer').last().locator('.prose-answer').textContent()

test('each of the three questions of the first screen is answered from the library', async () => {
  const page = await stage.guestPage()
  const examples = page
    .getByRole('region', { name: 'Questions that the library can answer' })
    .getByRole('button')
  await expect.poll(() => examples.count()).toBe(3)
  for (let index = 0; index < 3; index++) {
    await examples.nth(index).click()
    await page.waitForURL(/\/s\//)
    await answered(page)
    await expect.poll(() => page.getByTestId('citation').count()).toBeGreaterThan(0)
    await page.getByRole('link', { name: 'New conversation' }).first().click()
    await page.waitForURL(stage.app.url + '/')
  }
  await page.context().close()
})

test('a question edited and an answer asked for again leave the earlier versions reachable', async () => {
  const page = await stage.guestPage()
  await ask(page, 'How do I read cookies?')
  await answered(page)
  const first = await answerText(page)
  await page.getByRole('button', { name: 'Answer again' }).click()
  await page.getByRole('group', { name: 'Version 2 of 2' }).waitFor()
  await answered(page)
  await page.getByRole('button', { name: 'Earlier version' }).click()
  await page.getByRole('group', { name: 'Version 1 of 2' }).waitFor()
  expect(await answerText(page)).toBe(first)

  await page.getByTestId('question').hover()
  await page.getByRole('button', { name: 'Edit', exact: true }).click()
  await page.getByLabel('Edit your question').fill('How do I set headers in the config?')
  await page.keyboard.press('Enter')
  await page.getByText('How do I set headers in the config?').first().waitFor()
  await answered(page)
  expect(await page.getByTestId('question').last().textContent()).toContain('headers in the config')
  // The focus is where one writes on, not lost with what was edited.
  expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('BODY')
  await page.getByTestId('question').hover()
  await page.getByTestId('question').getByRole('button', { name: 'Earlier version' }).click()
  await expect.poll(() => page.getByTestId('question').textContent()).toContain('read cookies')
  await page.context().close()
})

test('a PDF that is added is indexed, shows what it contributes, is asked about and cited', async () => {
  const page = await stage.guestPage()
  await page.getByRole('link', { name: 'Library' }).click()
  const pdf = pdfOf([['The quokka census of Rottnest counted eleven thousand animals in spring.']])
  const file = { name: 'quokka-census.pdf', mimeType: 'application/pdf', buffer: Buffer.from(pdf) }
  const picker = page.locator('input[type=file]').first()
  await picker.setInputFiles(file)
  const row = page.locator('[data-testid=document][data-status=ready]')
  await expect
    .poll(() => page.getByTestId('document').allInnerTexts(), { timeout: 60_000 })
    .toEqual([expect.stringMatching(/1 page · 1 passage/)])
  await row.getByRole('button').first().click()
  await page.getByTestId('preview').getByText('eleven thousand').waitFor()
  await screenshot(page, 'library')
  await picker.setInputFiles(file)
  await page.getByText('quokka-census.pdf is already in the library').first().waitFor()
  expect(await page.getByTestId('document').count()).toBe(1)

  await page.goto(stage.app.url)
  await ask(page, 'How many animals did the quokka census of Rottnest count?')
  await answered(page)
  await page.getByTestId('citation').first().click()
  await expect
    .poll(() => page.getByTestId('passage').locator('mark').textContent())
    .toContain('eleven thousand animals')

  await page.goto(`${stage.app.url}/library`)
  await page.getByRole('button', { name: /^Remove / }).click()
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await page.getByText('Nothing of yours yet').waitFor()
  await page.context().close()
})

test('files dropped on the library are added, those of folders, too; offline it is shown as it was', async () => {
  const page = await stage.guestPage()
  const lists = '**/api/library?*'
  await page.route(lists, (route) => route.fulfill({ status: 500, json: { code: 'server_error' } }))
  await page.goto(`${stage.app.url}/library`)
  await page.getByText('The library could not be loaded.').waitFor()
  await page.unroute(lists)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Nothing of yours yet').waitFor()
  // A file that does not get through can be taken back, and leaves nothing behind.
  const uploads = '**/api/library/documents?*'
  await page.route(uploads, () => undefined)
  const file = { name: 'slow.md', mimeType: 'text/markdown', buffer: Buffer.from('# Slow') }
  await page.locator('input[type=file]').first().setInputFiles(file)
  await page.getByRole('button', { name: 'Cancel slow.md' }).click()
  await page.getByText('Nothing of yours yet').waitFor()
  expect(await page.getByTestId('upload').count()).toBe(0)
  await page.unroute(uploads)
  const folder = await mkdtemp(join(tmpdir(), 'throughline-drop-'))
  await mkdir(join(folder, 'notes', 'deep', 'node_modules'), { recursive: true })
  await writeFile(join(folder, 'notes', 'one.md'), '# One\n\nIt fell from a window.')
  await writeFile(join(folder, 'notes', 'deep', 'two.txt'), 'It was found below it.')
  await writeFile(join(folder, 'notes', 'deep', 'node_modules', 'three.md'), '# Nobody wants this')
  // As the system hands it over: the browser reads the folder itself.
  const devtools = await page.context().newCDPSession(page)
  const drag = { items: [], files: [join(folder, 'notes')], dragOperationsMask: 1 }
  const at = { x: 800, y: 500, data: drag }
  await devtools.send('Input.dispatchDragEvent', { type: 'dragEnter', ...at })
  await devtools.send('Input.dispatchDragEvent', { type: 'dragOver', ...at })
  await page.getByText('Drop files or folders to add them').waitFor()
  await devtools.send('Input.dispatchDragEvent', { type: 'drop', ...at })
  const names = page.getByTestId('document').getByRole('heading')
  await expect
    .poll(async () => (await names.allInnerTexts()).toSorted(), { timeout: 60_000 })
    .toEqual(['One', 'two.txt'])
  await expect
    .poll(() => page.locator('[data-testid=document][data-status=ready]').count(), { timeout: 60_000 })
    .toBe(2)

  await page.context().setOffline(true)
  await page.getByText(/^You are offline: this is the library as it was/).waitFor()
  expect(await page.getByRole('button', { name: 'Add files' }).isDisabled()).toBe(true)
  expect(await page.getByRole('button', { name: 'Remove One' }).isDisabled()).toBe(true)
  expect((await names.allInnerTexts()).toSorted()).toEqual(['One', 'two.txt'])
  await page.context().setOffline(false)
  await page.getByRole('button', { name: 'Remove One' }).click()
  await page.getByRole('button', { name: 'Remove', exact: true }).click()
  await expect.poll(() => names.allInnerTexts()).toEqual(['two.txt'])
  await rm(folder, { recursive: true })
  await page.context().close()
})

test('conversations are renamed, searched, archived, deleted and brought back, by keyboard too', async () => {
  const page = await stage.guestPage()
  await ask(page, 'How do I read cookies?')
  await answered(page)
  const link = page.locator('a[data-session]')
  await expect.poll(() => link.innerText()).toBe('How do I read cookies?')
  await link.focus()
  await page.keyboard.press('F2')
  await page.getByLabel('Rename').fill('About cookies')
  await page.keyboard.press('Enter')
  await expect.poll(() => link.innerText()).toBe('About cookies')
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('A')

  await page.getByLabel('Search conversations').fill('nothing like it')
  await page.getByText('No conversation has this in its title.').waitFor()
  await page.getByLabel('Search conversations').fill('cookies')
  await link.waitFor()
  await page.getByLabel('Search conversations').fill('')

  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Archive' }).click()
  await link.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Archive', exact: true }).click()
  await link.waitFor()
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: 'Take out of the archive' }).click()
  await page.getByRole('button', { name: 'Back', exact: true }).click()
  await link.waitFor()

  await link.focus()
  await page.keyboard.press('Delete')
  await page.getByText('Conversation deleted').first().waitFor()
  // What is pointed at stays.
  const undo = page.getByRole('button', { name: 'Undo' }).first()
  await undo.hover()
  await page.waitForURL(stage.app.url + '/')
  await undo.click()
  await page.waitForURL(/\/s\//)
  await answered(page)
  await page.context().close()
})

test('a conversation leaves as Markdown and as JSON, and so does its person', async () => {
  const page = await stage.guestPage()
  await ask(page, 'How do I read cookies?')
  await answered(page)
  const exported = async (item: string): Promise<string> => {
    await page.getByRole('button', { name: 'Export' }).click()
    const download: Promise<Download> = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: item }).click()
    return readFile(await (await download).path(), 'utf8')
  }
  const markdown = await exported('As Markdown')
  expect(markdown).toMatch(/^# How do I read cookies\?\n\n## How do I read cookies\?\n/)
  expect(markdown).toContain('### Sources')
  const json = JSON.parse(await exported('As JSON')) as { messages: { citations: unknown[] }[] }
  expect(json.messages[1]?.citations.length).toBeGreaterThan(0)

  await page.getByRole('button', { name: /^Account: / }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
  expect(await page.getByText('How do I read cookies?').count()).toBe(0)
  await page.reload()
  await page.getByRole('button', { name: 'Continue as guest' }).waitFor()
  await page.context().close()
})
