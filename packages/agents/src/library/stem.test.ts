import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stem } from './stem.ts'

/** What SQLite's own stemmer makes of each word. */
function stemmedBySqlite(words: readonly string[]): readonly string[] {
  const database = new DatabaseSync(':memory:')
  database.exec(`CREATE VIRTUAL TABLE texts USING fts5 (text, tokenize = 'porter unicode61');
    CREATE VIRTUAL TABLE tokens USING fts5vocab (texts, instance)`)
  const insert = database.prepare('INSERT INTO texts (rowid, text) VALUES (?, ?)')
  for (const [index, word] of words.entries()) insert.run(index + 1, word)
  const rows = database.prepare('SELECT doc, term FROM tokens ORDER BY doc').all()
  database.close()
  return rows.map((row) => String(row['term']))
}

describe('stem', () => {
  it.each([
    ['caching', 'cach'],
    ['cached', 'cach'],
    ['components', 'compon'],
    ['relational', 'relat'],
    ['hopping', 'hop'],
    ['skies', 'ski'],
    ['agreed', 'agre'],
    ['controlling', 'control'],
    ['is', 'is'],
  ])('takes %s to %s', (word, expected) => {
    expect(stem(word)).toBe(expected)
  })

  it('agrees with the index about any word', () => {
    const ending = fc.constantFrom(
      '',
      's',
      'es',
      'ies',
      'ed',
      'eed',
      'ing',
      'ational',
      'izer',
      'ness',
      'ful',
      'ement',
      'ion',
      'y',
      'e',
      'll',
      'ability',
    )
    const letters = fc.array(fc.constantFrom(...Array.from('aeiouybcdlmnrstwxz')), {
      minLength: 1,
      maxLength: 9,
    })
    const word = fc.tuple(letters, ending).map(([start, end]) => start.join('') + end)
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 60 }), (words) => {
        expect(words.map(stem)).toEqual(stemmedBySqlite(words))
      }),
      { numRuns: 150 },
    )
  })
})
