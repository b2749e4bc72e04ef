import { fileRule, type Finding } from '../rule.ts'

/** The packages are typed throughout. */
export const noAny = fileRule('no any', ({ home, anyLines }) =>
  home.startsWith('packages/')
    ? anyLines.map((line): Finding => {
        return { line, problem: 'the type `any`', mend: 'write the type, or `unknown` and narrow it' }
      })
    : [],
)
