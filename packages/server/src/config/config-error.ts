/** Everything that is wrong with the environment, in one message for the operator. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  /** One for each variable, each beginning with its name. */
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(['The configuration is wrong:', ...problems.map((problem) => `  ${problem}`)].join('\n'))
    this.problems = problems
  }
}
