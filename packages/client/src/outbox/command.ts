import type { Attachment, Cursor, RunOptions, StreamError } from '@throughline/protocol'

/** What a person tells a session. An edit is a `send` beside the message it replaces. */
export type Command =
  | SendCommand
  | { readonly kind: 'regenerate'; readonly messageId: string; readonly options?: RunOptions }
  | { readonly kind: 'continue'; readonly runId: string }
  | { readonly kind: 'stop'; readonly runId: string }
  | {
      readonly kind: 'resolve'
      readonly runId: string
      readonly inputId: string
      readonly decision: string
      readonly value?: unknown
    }
  | { readonly kind: 'steer'; readonly runId: string; readonly content: string }

export interface SendCommand {
  readonly kind: 'send'
  readonly content: string
  /** Absent when it was written before the conversation was known: the server then puts it at the end. */
  readonly parentId?: string | null
  readonly attachments: readonly Attachment[]
  readonly options?: RunOptions
}

/** A command on its way to the server, or how it went. */
export interface OutboxEntry {
  /** Goes with every try, so that however often it is tried, it happens once. A message takes it as its id. */
  readonly id: string
  readonly command: Command
  readonly createdAt: number
  /**
   * `pending`: on its way, or waiting for its turn or the network; it survives a reload. `applied`: accepted, at
   * `appliedAt`. `rejected`: refused for good, with `error`; `retry` or `discard` it. `late`: what it was for had ended.
   */
  readonly state: 'pending' | 'applied' | 'rejected' | 'late'
  /** Where in the stream it took effect; `null` until it did. */
  readonly appliedAt: Cursor | null
  /** Why it was rejected; while it is pending, why the last try failed. */
  readonly error: StreamError | null
}
