import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { LibraryStore } from './library-store.ts'
import { searchLibrary } from './search.ts'

const store = new LibraryStore({ path: ':memory:', now: () => 0 })
afterAll(() => store.close())

const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('# H', 'layout route', '```', '- a', '\r\n', '\0', '\uD800'),
    ),
    { minLength: 1, maxLength: 30 },
  )
  .map((parts) => parts.join('\n'))
const query = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc
    .array(
      fc.constantFrom(
        '"',
        "'",
        '*',
        'AND',
        'NOT',
        'NEAR(',
        'layout',
        ':',
        '-',
        '(',
        ')',
        '^',
        '{a b}',
        '\0',
        ';--',
        '%',
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(' ')),
)

describe('searchLibrary', () => {
  it('stores any text so that every passage is exactly its slice, and takes any query', () => {
    fc.assert(
      fc.property(text, query, (document, asked) => {
        fc.pre(document.trim() !== '')
        const { id } = store.add({
          owner: 'user',
          source: 'a.md',
          mediaType: 'text/markdown',
          text: document,
        })
        const stored = store.get(id, ['user'])
        for (const passage of searchLibrary(store, { query: asked, owners: ['user'], limit: 50 }).passages) {
          const whole = store.get(passage.documentId, ['user'])
          expect(whole?.text.slice(passage.start, passage.end)).toBe(passage.text)
          expect(passage.score).toBeGreaterThanOrEqual(0)
          expect(passage.coverage).toBeGreaterThanOrEqual(0)
          expect(passage.coverage).toBeLessThanOrEqual(1)
        }
        for (const row of store
          .statement(
            'SELECT start, "end", text FROM passages WHERE document = (SELECT key FROM documents WHERE id = ?)',
          )
          .all(id)) {
          expect(stored?.text.slice(Number(row['start']), Number(row['end']))).toBe(row['text'])
        }
      }),
      { numRuns: 100 },
    )
  })
})
