import type { ConnectionView } from '../connection/state.ts'
import type { Environment, Timer } from '../environment.ts'
import { followerView } from './message.ts'
import type { TabMessage } from './message.ts'
import type { TabsHost } from './tabs.ts'

/** A follower that is seen asks this often whether there is a leader, and waits so long for the answer. */
const PING_MS = 5_000
const ANSWER_MS = 2_000
/** One that is hidden asks this often, for its timers are slow. */
const HIDDEN_PING_MS = 60_000

/** What a tab does while it follows. */
export interface Follower {
  /** Takes what a leader says. */
  hear(message: TabMessage): void
  /** Says what is watched here and where it stands. */
  announce(): void
  /** The leader's connection; `undefined` before it was heard of. */
  view(): ConnectionView | undefined
  stop(): void
}

export interface FollowerOptions {
  readonly environment: Environment
  readonly tab: string
  readonly post: (message: TabMessage) => void
  readonly host: TabsHost
  /** The leader does not answer, and somebody is looking. */
  readonly onSilence: () => void
}

export function createFollower({ environment, tab, post, host, onSilence }: FollowerOptions): Follower {
  let leader: string | undefined
  let view: ConnectionView | undefined
  let timer: Timer
  let dueAt = 0
  let isWaiting = false

  const arm = (ms: number): void => {
    environment.clearTimer(timer)
    dueAt = environment.now() + ms
    timer = environment.setTimer(onTimer, ms)
  }
  /** A leader answers whatever it is told; one that does not is frozen or gone. */
  const awaitAnswer = (): void => {
    if (isWaiting) return
    isWaiting = true
    arm(ANSWER_MS)
  }
  const announce = (): void => {
    post({ kind: 'want', tab, visible: environment.isVisible(), sessions: host.wants() })
    awaitAnswer()
  }

  function onTimer(): void {
    const visible = environment.isVisible()
    // A timer that comes late slept with its tab: the answer may be waiting behind it.
    const isDue = environment.now() - dueAt < ANSWER_MS
    const isSilent = isWaiting && isDue && visible
    isWaiting = false
    if (isSilent) {
      onSilence()
      return
    }
    post({ kind: 'ping', tab, visible })
    if (visible) awaitAnswer()
    else arm(HIDDEN_PING_MS)
  }

  return {
    announce,
    view: () => view,
    hear(message) {
      if (message.kind === 'events') {
        if (message.to !== undefined && message.to !== tab) return
        const isWhole = message.envelopes.map((envelope) => host.receive(envelope)).every(Boolean)
        if (!isWhole) announce()
      } else if (message.kind === 'lead') {
        isWaiting = false
        arm(environment.isVisible() ? PING_MS : HIDDEN_PING_MS)
        view = followerView(message.view)
        host.onView()
        // A leader that has just begun knows nothing of this tab.
        const isNew = leader !== message.tab
        leader = message.tab
        if (isNew || !host.expectHeads(message.heads)) announce()
      }
    },
    stop() {
      environment.clearTimer(timer)
    },
  }
}
