import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTemporaryLibrary, type TemporaryLibrary } from '../testing/temporary-library.ts'
import { answerable } from './answerable.ts'

let shelf: TemporaryLibrary
beforeAll(async () => {
  shelf = await openTemporaryLibrary({
    'tea.md': '# Brewing tea\n\nBrew green tea from Japan at eighty degrees for two minutes.',
    'maps.md': '# Maps\n\nBolivia is shown on the third map, beside other countries.',
  })
})
afterAll(() => shelf.close())

async function canAnswer(query: string): Promise<boolean> {
  return answerable(await shelf.library.search({ query, owners: [null] })).answerable
}

it('answers about what a document names', async () => {
  expect(await canAnswer('How is green tea from Japan brewed?')).toBe(true)
})

it('declines what is asked of a thing that no document mentions', async () => {
  expect(await canAnswer('How is green tea brewed for two minutes at eighty degrees in Kenya?')).toBe(false)
})

it('declines when the thing named is mentioned, but not where the rest is', async () => {
  expect(await canAnswer('How is green tea brewed for two minutes at eighty degrees in Bolivia?')).toBe(false)
})

it('takes neither the first word nor a text that shouts for names', async () => {
  expect(await canAnswer('Kindly: how is green tea brewed at eighty degrees?')).toBe(true)
  expect(await canAnswer('HOW IS GREEN TEA BREWED AT EIGHTY DEGREES?')).toBe(true)
})
