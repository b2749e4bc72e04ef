import type { RunUsage } from '@throughline/protocol'

/** What two parts of a run used together; `undefined` when neither used a model. */
export function addUsage(a: RunUsage | undefined, b: RunUsage | undefined): RunUsage | undefined {
  if (a === undefined || b === undefined) return a ?? b
  const inputTokens = sum(a.inputTokens, b.inputTokens)
  const outputTokens = sum(a.outputTokens, b.outputTokens)
  const model = a.model ?? b.model
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
    ...(model === undefined ? {} : { model }),
  }
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : a + b
}
