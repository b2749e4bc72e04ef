import { expect, test } from 'vitest'
import { judgeAudit } from './judge-audit.mjs'

const weakness = (severity: string, url: string) => ({ severity, url, title: 'a hole' })
const report = {
  vulnerabilities: {
    low: { via: [weakness('moderate', 'https://a/1')] },
    bad: { via: [weakness('high', 'https://a/2'), 'worse'] },
    worse: { via: [weakness('critical', 'https://a/3')] },
    above: { via: ['bad'] },
  },
}

test('high and critical weaknesses are to be mended, each named once by who has it', () => {
  expect(judgeAudit(report, [])).toEqual({
    unexplained: ['high in bad: a hole (https://a/2)', 'critical in worse: a hole (https://a/3)'],
    explained: [],
  })
})

test('an exception says why, and explains its own advisory only', () => {
  const judged = judgeAudit(report, [{ advisory: 'https://a/2', reason: 'it is used on our own files' }])
  expect(judged.unexplained).toEqual(['critical in worse: a hole (https://a/3)'])
  expect(judged.explained).toEqual([expect.stringContaining('it is used on our own files')])
})

test('no answer is not a good answer', () => {
  for (const answer of [{}, { error: { code: 'ENOAUDIT' } }, null]) {
    expect(() => judgeAudit(answer, [])).toThrow('no advisories')
  }
})
