import type { ConnectionEffect, TransitionContext } from './input.ts'
import type { ConnectionState } from './state.ts'

/** A state while it is being changed; it began as a copy. */
export type Draft = { -readonly [K in keyof ConnectionState]: ConnectionState[K] }

/** What a change may ask beside the state, and where it puts what is to be done. */
export interface Turn extends TransitionContext {
  readonly effects: ConnectionEffect[]
}
