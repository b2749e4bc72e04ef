import type {
  ConversationState,
  Cursor,
  MessagePage,
  SessionList,
  SessionSummary,
  WhoAmI,
} from '@throughline/protocol'
import type { Unsubscribe } from '../session/session.ts'

/** Which sessions, and which page of them. */
export interface ListSessions {
  readonly search?: string
  /** Default: both those that are and those that are not. */
  readonly archived?: boolean
  /** `before` of the page already held. */
  readonly before?: string
  readonly signal?: AbortSignal
}

/** A session as it is now. */
export interface SessionDetail {
  readonly session: SessionSummary
  readonly reducerVersion: number
  /** With the newest messages. */
  readonly state: ConversationState
  readonly cursor: Cursor
}

/** Sessions over REST. Everything rejects with a `StreamError` made from the server's problem. */
export interface SessionsApi {
  /** Named by the server, or by `id`, which makes it idempotent. */
  createSession(options?: { readonly id?: string; readonly title?: string }): Promise<SessionSummary>
  listSessions(options?: ListSessions): Promise<SessionList>
  getSession(sessionId: string, signal?: AbortSignal): Promise<SessionDetail>
  renameSession(sessionId: string, title: string): Promise<SessionSummary>
  archiveSession(sessionId: string, archived?: boolean): Promise<SessionSummary>
  /** Can be undone for 10 minutes. */
  deleteSession(sessionId: string): Promise<void>
  restoreSession(sessionId: string): Promise<SessionSummary>
  /** @param before offset: messages that began before it. */
  olderMessages(sessionId: string, before: number, signal?: AbortSignal): Promise<MessagePage>
}

/** Who is signed in. */
export interface AuthApi {
  /** Signs in as a new guest. */
  guest(): Promise<WhoAmI>
  /** @throws StreamError `auth_error` when nobody is signed in. */
  me(): Promise<WhoAmI>
  /** Renews the access token; callers at the same time share one request. `false` when the server says no. @throws StreamError when it cannot be asked. */
  refresh(): Promise<boolean>
  /** Ends the login and forgets everything of it, in all tabs. */
  signOut(): Promise<void>
  /** Calls when nobody is signed in any longer, here or because of another tab, and nothing of the login is left. */
  onSignedOut(listener: () => void): Unsubscribe
}
