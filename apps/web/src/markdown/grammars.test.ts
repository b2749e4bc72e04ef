import { expect, test } from 'vitest'
import { colour } from './grammars.ts'

const classesOf = async (code: string, language: string) =>
  (await colour(code, language))
    ?.flat()
    .flatMap(({ text, className }) => (className === undefined ? [] : [[text.trim(), className]]))

test('the words of code are told apart, whatever its language is called', async () => {
  expect(await classesOf('const a = "x"', 'ts')).toContainEqual(['const', 'code-keyword'])
  expect(await classesOf('return 1', 'PY')).toContainEqual(['return', 'code-keyword'])
})

test('code is coloured without a change to its text', async () => {
  const code = 'function f() {\n\treturn `a ${1}`\n}\n\n// end'
  const lines = (await colour(code, 'typescript')) ?? []
  expect(lines.map((line) => line.map(({ text }) => text).join('')).join('\n')).toBe(code)
})

test.each(['', 'klingon', 'constructor', '__proto__'])(
  'a language that is none (%j) stays plain',
  async (language) => {
    expect(await colour('const a = 1', language)).toBeUndefined()
  },
)
