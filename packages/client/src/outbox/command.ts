import type { Attachment, Cursor, RunOptions, StreamError } from '@throughline/protocol'

/** What a person tells a session. An edit is a `send` beside the message it replaces. */
export type Command =
  | SendCommand
  | { readonly kind: 'regenerate'; readonly messageId: string; readonly options?: RunOptions }
  | { readonly kind: 'continue'; readonly runId: string; readonly options?: RunOptions }
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

/**
 * A command on its way to the server, or how it went. Each kind goes through the same states:
 *
 * | kind | `applied` at | may be `late` |
 * | --- | --- | --- |
 * | `send`, an edit too | its `user_message` and the run that answers are in the stream | no |
 * | `regenerate`, `continue` | the new run is queued | no |
 * | `stop` | the run's end, or the wish for it, is in the stream | the run had ended |
 * | `resolve` | the answer is in the stream | it was answered before, or the run had ended |
 * | `steer` | the word is in the stream | the run had ended |
 *
 * What cannot be late is `rejected` with the code `conflict` or `not_found` when what it was for is gone.
 */
export interface OutboxEntry {
  /** Goes with every try, so that however often it is tried, it happens once. A message takes it as its id. */
  readonly id: string
  readonly command: Command
  readonly createdAt: number
  /**
   * `pending`: on its way, or waiting for its turn, the network or a sign-in; it survives a reload, and `discard` takes it
   * back. `applied`: accepted, at `appliedAt`. `rejected`: refused for good, with `error`; it survives a reload, too, until
   * `retry` or `discard`. `late`: what it was for had ended, so nothing happened. Of `applied` and `late` the newest 20 of a
   * session are shown; `discard` hides one.
   */
  readonly state: 'pending' | 'applied' | 'rejected' | 'late'
  /** Where in the stream it took effect; `null` until it did. */
  readonly appliedAt: Cursor | null
  /** Why it was rejected; while it is pending, why the last try failed. */
  readonly error: StreamError | null
}

/** What the tabs of a user know of a command that may wait in several of them. */
export interface CommandRecord {
  /** To be asked before each try. `false`: another tab took it back, it must not be sent. */
  begin(entry: OutboxEntry): Promise<boolean>
  /** Takes it back in all tabs. `true`: none of them has begun it, and none will. */
  retract(id: string): Promise<boolean>
}

/** Whether it talks to a run, whose end makes it pointless. */
export function isAboutRun({ kind }: Command): boolean {
  return kind === 'stop' || kind === 'resolve' || kind === 'steer'
}

/** Whether nothing is to be done about it any longer. */
export function isOver({ state }: OutboxEntry): boolean {
  return state === 'applied' || state === 'late'
}
