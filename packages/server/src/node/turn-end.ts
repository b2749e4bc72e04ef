let waiting: (() => void)[] = []

/**
 * Calls `fn` at the end of this turn of the event loop, when everything that had arrived was told. All who ask in a turn
 * are called in one go: what they begin goes through each stage together.
 */
export function atTurnEnd(fn: () => void): void {
  if (waiting.length === 0) setImmediate(callAll)
  waiting.push(fn)
}

function callAll(): void {
  const now = waiting
  waiting = []
  for (const fn of now) fn()
}
