import type {
  Attachment,
  CommandAccepted,
  Envelope,
  EventData,
  KnownEventType,
  RunOptions,
} from '@throughline/protocol'
import type { ConnectionView } from '../connection/state.ts'
import type { SessionSnapshot } from './snapshot.ts'

/** Ends what it was returned by; a second call does nothing. */
export type Unsubscribe = () => void

/** A message to send. */
export interface SendOptions {
  readonly content: string
  readonly attachments?: readonly Attachment[]
  /** The message that this one follows. Default: the last of the branch shown. */
  readonly parentId?: string | null
  /** How the answer is made: whether the plan is to be approved first, and what language the team speaks. */
  readonly options?: RunOptions
}

/** An event of type `T` as a listener gets it; one whose data is not what its type says is not handed on. */
export type EventOf<T extends string> = Envelope<T, T extends KnownEventType ? EventData[T] : unknown>

/** Which events, and for how long. */
export interface EventsOptions<T extends string = string> {
  /** Default: every type. */
  readonly types?: readonly T[]
  readonly signal?: AbortSignal
}

/** A thing that is read now and watched from now on. */
export interface Readable<S> {
  getSnapshot(): S
  /** What a server renders and a browser hydrates with. */
  getInitialSnapshot(): S
  subscribe(listener: () => void): Unsubscribe
}

/** One session's connection, which it shares with all sessions of the client. Watching it keeps nothing open. */
export interface SessionConnection extends Readable<ConnectionView> {
  /** Ends any waiting, or leaves `failed`, and tries at once. */
  retryNow(): void
}

/**
 * One conversation. The client gives the same object for the same id.
 *
 * It is carried by the connection while anything watches it: `subscribe`, `on` or `events`.
 * The last one to leave is waited for a while, so that remounting costs nothing. Every function may be passed around
 * by itself.
 *
 * What is told to it (`send`, `stop`, `regenerate`, `edit`, `continueRun`, `resolve`, `steer`) goes through its outbox: it
 * waits there while there is no network, survives a reload, happens once however often it is tried, and shows in
 * `getSnapshot().outbox` how it went: an `OutboxEntry` for each, of whatever kind, with `retry` and `discard` by its `id`.
 */
export interface Session extends Readable<SessionSnapshot> {
  readonly id: string
  readonly connection: SessionConnection
  /**
   * Shows the message at once and sends it until it is accepted or refused; the same id goes with every try.
   * @throws StreamError what the server refused with; the message then stays, marked `failed`.
   */
  send(message: SendOptions): Promise<CommandAccepted>
  /** Sends a message, or another command of the outbox, that was refused again, under its id. @throws StreamError */
  retry(id: string): Promise<CommandAccepted>
  /**
   * Takes back a command of the outbox, at once here and before its next try in every other tab that holds it. `true`: no
   * tab ever sent it, so it will not happen; otherwise it may have. Never rejects.
   */
  discard(id: string): Promise<boolean>
  /** Stops a run, by default every open one; `false` when all had ended. The partial answer stays. @throws StreamError */
  stop(runId?: string): Promise<boolean>
  /** Answers again, as a new branch. @throws StreamError */
  regenerate(messageId: string, options?: RunOptions): Promise<CommandAccepted>
  /** Sends a changed message beside the old one, as a new branch. @throws StreamError */
  edit(messageId: string, content: string, options?: RunOptions): Promise<CommandAccepted>
  /** Goes on from a run's partial answer. @throws StreamError */
  continueRun(runId: string, options?: RunOptions): Promise<CommandAccepted>
  /** Answers a question of a run; `false` when it came too late. @throws StreamError */
  resolve(inputId: string, decision: string, value?: unknown): Promise<boolean>
  /** Tells a running team something, by default the newest open run; `false` when it came too late. @throws StreamError */
  steer(content: string, runId?: string): Promise<boolean>
  /** Shows the branch through this message. */
  selectBranch(messageId: string): void
  /** The messages beside this one, itself included, in the order they began: the branches at this place. */
  siblings(messageId: string): readonly string[]
  /** Fetches the page before the oldest message held; `false` when there is none. @throws StreamError */
  loadOlder(): Promise<boolean>
  /** Calls `listener` with each event of `type`, once and in order, after it was folded; `*` is all. History that came as a snapshot is not told. */
  on<T extends KnownEventType>(type: T, listener: (event: EventOf<T>) => void): Unsubscribe
  on(type: string, listener: (event: Envelope) => void): Unsubscribe
  /**
   * The events from now on, until the signal aborts or the session closes.
   * @throws StreamError `cursor_expired` when the reader falls 1,000 events behind.
   */
  events<T extends string = string>(options?: EventsOptions<T>): AsyncIterable<EventOf<T>>
  /** The newest events received, oldest first; 1,000 are kept, with at most 2 Mi characters of text. @param count default 50 */
  getRecent(count?: number): readonly Envelope[]
}
