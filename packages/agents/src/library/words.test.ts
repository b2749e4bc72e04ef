import { describe, expect, it } from 'vitest'
import { identifierParts, stemsOf, wordsOf } from './words.ts'

describe('wordsOf', () => {
  it('folds case and accents and splits at everything but letters and digits', () => {
    expect(wordsOf('Le café: use_cache, next/font & v16.4')).toEqual([
      'le',
      'cafe',
      'use',
      'cache',
      'next',
      'font',
      'v16',
      '4',
    ])
  })

  it('gives scripts without spaces one word a character', () => {
    expect(wordsOf('缓存 layout')).toEqual(['缓', '存', 'layout'])
  })
})

describe('identifierParts', () => {
  it('splits camel case and runs of capitals', () => {
    expect(identifierParts('generateStaticParams and parseURLQuery in lower case')).toEqual([
      'generate',
      'static',
      'params',
      'parse',
      'url',
      'query',
    ])
  })
})

describe('stemsOf', () => {
  it('gives forms of one word one stem', () => {
    const [first, ...others] = stemsOf('route routes routed routing')
    expect(new Set(others)).toEqual(new Set([first]))
  })
})
