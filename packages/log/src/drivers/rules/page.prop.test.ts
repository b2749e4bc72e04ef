import fc from 'fast-check'
import { expect, test } from 'vitest'
import { utf8Length } from './page.ts'

test('the length in UTF-8 is that of the encoder, for every text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length)
    }),
  )
})
