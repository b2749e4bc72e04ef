import type { EventLog } from '@throughline/log'
import type { CloseReason } from './sink.ts'
import type { Feeds } from './feeds.ts'
import type { Folds } from './folds.ts'
import type { PageCache } from './page-cache.ts'
import type { Timers } from './timers.ts'

/** What the subscribers of one hub share. */
export interface HubServices {
  readonly log: EventLog
  readonly feeds: Feeds
  readonly pages: PageCache
  readonly folds: Folds
  readonly timers: Timers
  /** Wall clock: timestamps and ends of tokens. */
  readonly now: () => number
  readonly random: () => number
  readonly onError: (error: unknown, context: string) => void
  readonly heartbeatMs: number
  readonly lifetimeMs: number
  readonly blockedMs: number
  readonly closes: Record<CloseReason, number>
  readonly resumes: Record<'continued' | 'snapshot' | 'reset', number>
}
