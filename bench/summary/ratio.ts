import type { Results } from '../harness/results.ts'

/** A figure of a part; `undefined` when it was not measured or failed. */
export function measured(results: Results, part: string, subject: string, name: string): number | undefined {
  const value = (results[part]?.rows[subject] as Readonly<Record<string, unknown>> | undefined)?.[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

/** One figure by another; `undefined` unless both were measured. */
export function ratio(value: number | undefined, by: number | undefined): number | undefined {
  return value === undefined || by === undefined || by === 0 ? undefined : value / by
}
