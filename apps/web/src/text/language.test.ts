import { expect, test } from 'vitest'
import { languageFor } from './language.ts'

test('what a person chose comes before what the browser asks for', () => {
  expect(languageFor('de', 'en-GB,en;q=0.9')).toBe('de')
  expect(languageFor('en', 'de')).toBe('en')
})

test.each([
  ['de-AT,de;q=0.9,en;q=0.8', 'de'],
  ['fr-FR, en;q=0.5, de;q=0.7', 'de'],
  ['DE', 'de'],
  ['de;q=0, en', 'en'],
  ['de;q=nonsense, en;q=0.1', 'en'],
  ['fr, es', 'en'],
  ['*', 'en'],
  ['', 'en'],
  [null, 'en'],
])('a browser that asks for %s gets %s', (accepted, language) => {
  expect(languageFor(undefined, accepted)).toBe(language)
})

test('what is no language that is spoken here is not taken for a choice', () => {
  expect(languageFor('__proto__', 'de')).toBe('de')
  expect(languageFor('xx', null)).toBe('en')
})
