import type { Envelope } from '@throughline/protocol'
import type { Environment } from '../environment.ts'
import type { SessionCursor } from '../transports/transport.ts'
import { bringUp } from './bring-up.ts'
import { plainView } from './message.ts'
import type { TabMessage } from './message.ts'
import type { TabsHost } from './tabs.ts'

/** A tab that was not heard of for so long is gone; a visible one counts as seen for so long. */
const GONE_MS = 150_000
const SEEN_MS = 15_000

/** What a tab does while it leads. */
export interface Leader {
  /** Takes what a follower says. */
  hear(message: TabMessage): void
  forward(envelope: Envelope): void
  /** Says how the connection stands. */
  tell(): void
  wanted(): readonly string[]
  isSeen(): boolean
}

interface OtherTab {
  readonly sessions: ReadonlySet<string>
  readonly visible: boolean
  readonly heardAt: number
}

export interface LeaderOptions {
  readonly environment: Environment
  readonly tab: string
  readonly post: (message: TabMessage) => void
  readonly host: TabsHost
}

export function createLeader({ environment, tab, post, host }: LeaderOptions): Leader {
  const others = new Map<string, OtherTab>()
  let batch: Envelope[] = []

  const sendBatch = (): void => {
    if (batch.length === 0) return
    const envelopes = batch
    batch = []
    post({ kind: 'events', envelopes })
  }
  const tell = (): void => {
    // What was received must be there before what is claimed of it.
    sendBatch()
    post({ kind: 'lead', tab, view: plainView(host.view()), heads: host.heads() })
  }

  const note = (id: string, visible: boolean, sessions: ReadonlySet<string>): void => {
    const now = environment.now()
    others.set(id, { sessions, visible, heardAt: now })
    for (const [other, { heardAt }] of others) if (now - heardAt > GONE_MS) others.delete(other)
  }

  /** Sends a tab what it lacks: of sessions that are new to it, and of those it says it has lost. */
  const serve = (id: string, sessions: readonly SessionCursor[], served: ReadonlySet<string>): void => {
    const behind = sessions.filter(({ sessionId, after }) => after === undefined || !served.has(sessionId))
    const envelopes = behind.flatMap(({ sessionId, after }) => {
      const state = host.stateOf(sessionId)
      return state === undefined ? [] : bringUp(state, after)
    })
    if (envelopes.length > 0) post({ kind: 'events', to: id, envelopes })
  }

  return {
    hear(message) {
      if (message.kind === 'want') {
        const asked = message.sessions.map(({ sessionId }) => sessionId)
        const served = others.get(message.tab)?.sessions ?? new Set()
        note(message.tab, message.visible, new Set(asked))
        host.onWants(asked)
        tell()
        serve(message.tab, message.sessions, served)
      } else if (message.kind === 'ping') {
        note(message.tab, message.visible, others.get(message.tab)?.sessions ?? new Set())
        host.onWants([])
        tell()
      } else if (message.kind === 'retry') host.onRetry()
      else if (message.kind === 'bye' && others.delete(message.tab)) host.onWants([])
    },
    forward(envelope) {
      if (others.size === 0) return
      // What came in one read goes in one message; a timer would be slow in a hidden tab.
      if (batch.push(envelope) === 1) queueMicrotask(sendBatch)
    },
    tell,
    wanted: () => [...others.values()].flatMap(({ sessions }) => [...sessions]),
    isSeen: () => {
      const now = environment.now()
      return [...others.values()].some(({ visible, heardAt }) => visible && now - heardAt < SEEN_MS)
    },
  }
}
