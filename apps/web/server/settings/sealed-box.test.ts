import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSealedBox } from './sealed-box.ts'

const box = createSealedBox(randomBytes(32))

test('what was sealed opens for its owner, and differs each time', () => {
  const sealed = box.seal('sk-secret ☂', 'ada')
  expect(box.open(sealed, 'ada')).toBe('sk-secret ☂')
  expect(sealed).not.toContain('secret')
  expect(box.seal('sk-secret ☂', 'ada')).not.toBe(sealed)
})

test('another owner, another key, and every changed byte open nothing', () => {
  const sealed = box.seal('sk-secret', 'ada')
  expect(box.open(sealed, 'eve')).toBeUndefined()
  expect(createSealedBox(randomBytes(32)).open(sealed, 'ada')).toBeUndefined()
  const bytes = Buffer.from(sealed.slice(3), 'base64url')
  for (let at = 0; at < bytes.length; at += 1) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(box.open(`v1.${changed.toString('base64url')}`, 'ada')).toBeUndefined()
  }
  for (const text of ['', 'v1.', 'v1.AAAA', 'v2.' + sealed.slice(3)])
    expect(box.open(text, 'ada')).toBeUndefined()
})
