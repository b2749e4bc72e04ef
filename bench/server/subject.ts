import type { Address } from './generator/dialect.ts'

/** A server that runs now. */
export interface RunningSubject {
  readonly address: Address
  /** Whose CPU time and memory are its. */
  readonly pids: readonly number[]
  /** Ends it and removes what it stored, unless it is to be started again on that. */
  stop(options?: { readonly keepData: boolean }): Promise<void>
}

/** A server to be measured. */
export interface Subject {
  readonly name: string
  /** What it can do beside carrying an event to those who follow now. */
  readonly can: { readonly batches?: true; readonly lines?: true; readonly history?: true }
  /** Why it cannot be measured here; `undefined` when it can. */
  missing(): string | undefined
  start(): Promise<RunningSubject>
}
