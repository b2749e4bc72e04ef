/** A failure whose message is all the user needs: it is printed without a stack. */
export class Failure extends Error {
  /**
   * @param {string} message
   * @param {{ tail?: string, exitCode?: number }} [details] the end of the failed command's output, and our own exit code
   */
  constructor(message, { tail = '', exitCode = 1 } = {}) {
    super(message)
    this.tail = tail
    this.exitCode = exitCode
  }
}

/**
 * Runs a script's main function: a {@link Failure} ends in its message and exit code, anything else in a stack.
 * @param {() => Promise<number>} main answers the exit code
 */
export async function runMain(main) {
  try {
    process.exitCode = await main()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    if (error.tail !== '') console.error(indent(error.tail))
    console.error(error.message)
    process.exitCode = error.exitCode
  }
}

/** @param {string} text */
export function indent(text) {
  return text.replace(/^(?=.)/gm, '    ')
}
