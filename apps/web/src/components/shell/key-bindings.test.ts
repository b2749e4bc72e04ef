import { expect, test } from 'vitest'
import { actionOf } from './key-bindings.ts'

const plain = { key: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, isComposing: false }

test.each([
  [{ key: 'k', metaKey: true }, 'palette'],
  [{ key: 'K', ctrlKey: true }, 'palette'],
  [{ key: 'O', ctrlKey: true, shiftKey: true }, 'new'],
  [{ key: 'o', ctrlKey: true }, undefined],
  [{ key: '?', shiftKey: true }, 'shortcuts'],
  [{ key: '/' }, 'prompt'],
  [{ key: 'l' }, 'library'],
])('%j means %s', (pressed, action) => {
  expect(actionOf({ ...plain, ...pressed }, false)).toBe(action)
})

test('a letter that is written is a letter', () => {
  for (const key of ['?', '/', 'l']) expect(actionOf({ ...plain, key }, true)).toBeUndefined()
})

test('a key of an input method is the input method’s', () => {
  expect(actionOf({ ...plain, key: 'k', ctrlKey: true, isComposing: true }, true)).toBeUndefined()
})
