import type { RunUsage } from '@throughline/protocol'

/** What two parts of a run used together; `undefined` when neither used a model. */
export function addUsage(a: RunUsage | undefined, b: RunUsage | undefined): RunUsage | undefined {
  if (a === undefined || b === undefined) return a ?? b
  const inputTokens = sum(a.inputTokens, b.inputTokens)
  const outputTokens = sum(a.outputTokens, b.outputTokens)
  const model = a.model ?? b.model
  // A sum of what is known would be too low.
  const cost = a.cost && b.cost && { ...a.cost, amount: a.cost.amount + b.cost.amount }
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
    ...(model === undefined ? {} : { model }),
    ...(cost === undefined ? {} : { cost }),
  }
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : a + b
}
