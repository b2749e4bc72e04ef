import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planPrompt, readPlan } from './plan-prompt.ts'

describe('the plan in a model’s answer', () => {
  it.each([
    ['["a", "b"]', ['a', 'b']],
    ['Here you are:\n```json\n["a",\n "b"]\n```\nGood luck [1]!', ['a', 'b']],
    ['{"questions": ["a", "b"]}', ['a', 'b']],
    ['[{"question": "a"}, {"question": "b"}, {"id": 3}]', ['a', 'b']],
    ['["a", "a", 7, "", "  b\\n c "]', ['a', 'b c']],
    ['["1","2","3","4","5","6"]', ['1', '2', '3', '4']],
    ['I cannot do that.', []],
    ['["a", "b', []],
    ['', []],
  ])('of %j is %j', (answer, questions) => {
    expect(readPlan(answer)).toEqual(questions)
  })

  it('is at most four questions of bounded length, whatever the answer', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (answer) => {
        const plan = readPlan(answer)
        expect(plan.length).toBeLessThanOrEqual(4)
        for (const question of plan) expect(question.length).toBeLessThanOrEqual(300)
      }),
    )
  })

  it('is asked for with what was said before, shortened', () => {
    const [message] = planPrompt('And then?', [], []).messages
    expect(message).toEqual({ role: 'user', content: 'Question: And then?' })
  })
})
