import type { Cursor, Envelope } from '@throughline/protocol'
import type { CarriedState } from '../client/carrier.ts'
import type { ConnectionView } from '../connection/state.ts'
import type { Environment } from '../environment.ts'
import type { SessionCursor } from '../transports/transport.ts'
import { createElection } from './election.ts'
import { createFollower } from './follower.ts'
import type { Follower } from './follower.ts'
import { createLeader } from './leader.ts'
import type { Leader } from './leader.ts'
import { readTabMessage } from './message.ts'
import type { TabMessage } from './message.ts'
import type { TabPlatform } from './platform.ts'

/** The tab's own side of sharing. */
export interface TabsHost {
  /** Where the sessions watched here stand, as of what was folded. */
  wants(): readonly SessionCursor[]
  /** Takes an event from the leader; `false` when one before it was lost. */
  receive(envelope: Envelope): boolean
  /** Whether everything up to these cursors was received. */
  expectHeads(heads: Readonly<Record<string, Cursor>>): boolean
  /** Where the sessions carried here stand. */
  heads(): Readonly<Record<string, Cursor>>
  stateOf(sessionId: string): CarriedState | undefined
  /** How the own connection stands. */
  view(): ConnectionView
  /** The lead was won or lost: the connection is this tab's business, or no longer. */
  onRole(role: 'leader' | 'follower'): void
  /** Another tab watches these sessions, or said that it is there, or is gone. */
  onWants(asked: readonly string[]): void
  /** The leader's view is another one. */
  onView(): void
  onRetry(): void
}

export interface TabsOptions {
  readonly environment: Environment
  readonly platform: TabPlatform
  /** Of the hub and the user: tabs of another user are strangers. */
  readonly name: string
  readonly host: TabsHost
}

/** One connection for all tabs of a user: the leader's. */
export interface Tabs {
  readonly role: 'leader' | 'follower'
  /** The leader's connection, as a follower shows it. */
  view(): ConnectionView | undefined
  /** Sessions that other tabs watch. */
  wanted(): readonly string[]
  /** Whether another tab is looked at. */
  isSeen(): boolean
  /** Leader: hands on what the connection brought. */
  forward(envelope: Envelope): void
  /** Leader: tells how the connection stands. */
  tell(): void
  /** Follower: tells what is watched here and where it stands. */
  announce(): void
  retry(): void
  close(): void
}

export function createTabs({ environment, platform, name, host }: TabsOptions): Tabs {
  const tab = environment.uuid()
  let channel = platform.channel(name)
  let isOpen = false
  let leader: Leader | undefined
  let follower: Follower | undefined

  const post = (message: TabMessage): void => {
    if (isOpen) channel.post(message)
  }
  const lead = (): void => {
    follower?.stop()
    follower = undefined
    leader = createLeader({ environment, tab, post, host })
    host.onRole('leader')
    leader.tell()
  }
  const follow = (): void => {
    follower?.stop()
    leader = undefined
    follower = createFollower({ environment, tab, post, host, onSilence: election.steal })
    host.onRole('follower')
    follower.announce()
  }
  const election = createElection({ platform, lockName: name, onLead: lead, onFollow: follow })

  const enter = (): void => {
    isOpen = true
    channel.listen((message) => {
      const read = readTabMessage(message)
      if (read !== undefined) (leader ?? follower)?.hear(read)
    })
    election.stand()
  }
  const leave = (): void => {
    leader?.tell()
    post({ kind: 'bye', tab })
    follower?.stop()
    leader = follower = undefined
    isOpen = false
    election.resign()
    channel.close()
  }

  const unwatch = environment.watch((event) => {
    if (event === 'pagehide') {
      // A page in the back/forward cache must hold neither lock nor channel.
      leave()
      host.onRole('follower')
    } else if (event === 'pageshow' && !isOpen) {
      channel = platform.channel(name)
      enter()
    } else if (event === 'visible') follower?.announce()
  })
  enter()

  return {
    get role() {
      return leader === undefined ? 'follower' : 'leader'
    },
    view: () => follower?.view(),
    wanted: () => leader?.wanted() ?? [],
    isSeen: () => leader?.isSeen() ?? false,
    forward: (envelope) => leader?.forward(envelope),
    tell: () => leader?.tell(),
    announce: () => follower?.announce(),
    retry() {
      post({ kind: 'retry' })
    },
    close() {
      unwatch()
      leave()
    },
  }
}
