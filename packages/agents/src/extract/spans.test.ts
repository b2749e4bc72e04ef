import { describe, expect, it } from 'vitest'
import type { RankedPassage } from '../library/document.ts'
import { scoreSentences } from './score-sentences.ts'
import { blockSpan, textSpan } from './spans.ts'

const TERMS = [{ word: 'tea', stem: 'tea', alternatives: [], named: false, documents: 1, weight: 1 }]

function passageOf(text: string): RankedPassage {
  return {
    documentId: 'd',
    title: 'T',
    source: 's',
    heading: '',
    ordinal: 0,
    start: 10,
    end: 10 + text.length,
    text,
    score: 1,
    coverage: 1,
  }
}

function quoted(text: string, span: ReturnType<typeof textSpan>): string | undefined {
  return span && text.slice(span.start - 10, span.end - 10)
}

function textOf(text: string): string | undefined {
  return quoted(text, textSpan(scoreSentences(TERMS, [passageOf(text)])))
}

function blockOf(text: string): string | undefined {
  const passage = passageOf(text)
  return quoted(text, blockSpan(scoreSentences(TERMS, [passage]), passage))
}

describe('textSpan', () => {
  it('quotes the best sentence and the one after it', () => {
    expect(textOf('Water boils at some point. Tea is a drink of steeped leaves. It is served hot.')).toBe(
      'Tea is a drink of steeped leaves. It is served hot.',
    )
  })

  it('quotes nothing that only points elsewhere or hangs in the air', () => {
    expect(textOf('This page will walk you through making tea at home.')).toBeUndefined()
    expect(textOf('However, it is then also given to the tea drinker.')).toBeUndefined()
    expect(textOf('Learn more about tea in the tea guide of the house.')).toBeUndefined()
  })

  it('does not go on into a sentence that leads to something not quoted', () => {
    expect(textOf('Tea is a drink of steeped leaves. There are three ways:')).toBe(
      'Tea is a drink of steeped leaves.',
    )
  })
})

describe('blockSpan', () => {
  it('quotes a sample with the sentence right before it', () => {
    expect(blockOf('Tea. Run the tea kettle like this:\n\n```\ntea\n```')).toBe(
      'Run the tea kettle like this:\n\n```\ntea\n```',
    )
  })

  it('takes along the sentence that the one before the sample refers to', () => {
    expect(blockOf('One. Tea needs a kettle. This boils it:\n\n```\ntea\n```')).toMatch(
      /^Tea needs a kettle. This/,
    )
  })

  it('leaves a sample that has nothing to do with the question', () => {
    expect(blockOf('Coffee is ground like this:\n\n```\ngrind\n```')).toBeUndefined()
  })

  it('quotes a list only when it is numbered or led up to', () => {
    expect(blockOf('- loose tea\n- bagged tea')).toBeUndefined()
    expect(blockOf('1. boil\n2. steep tea')).toBe('1. boil\n2. steep tea')
    expect(blockOf('There are two kinds of tea in use:\n\n- loose\n- bagged')).toMatch(/^There are.*bagged$/s)
  })

  it('leaves a block that is too long to its source', () => {
    expect(blockOf(`\`\`\`\n${'tea\n'.repeat(500)}\`\`\``)).toBeUndefined()
  })
})
