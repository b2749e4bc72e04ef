import { describe, expect, it } from 'vitest'
import { asPlain, readable } from './readable.ts'

describe('readable', () => {
  it('joins the lines of a sentence and of a quote', () => {
    expect(readable('one\n  two\n> three', 'prose')).toBe('one two three')
  })

  it('escapes what would look like one of our citations, but not links and code', () => {
    expect(readable('see [1], [2](https://a.example) and `x[3]`', 'prose')).toBe(
      'see \\[1\\], [2](https://a.example) and `x[3]`',
    )
  })

  it('takes the indentation of a nested sample away', () => {
    expect(readable('   ```ts\n   if (a) {\n     b\n   }\n   ```', 'verbatim')).toBe(
      '```ts\nif (a) {\n  b\n}\n```',
    )
  })
})

describe('asPlain', () => {
  it('escapes markup in titles', () => {
    expect(asPlain('use_cache [x] <b>')).toBe('use\\_cache \\[x\\] \\<b\\>')
  })
})
