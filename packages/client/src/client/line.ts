import type { Envelope } from '@throughline/protocol'
import { createConnection } from '../connection/connection.ts'
import type { ConnectionOptions } from '../connection/connection.ts'
import type { ConnectionView, PauseReason } from '../connection/state.ts'
import type { Environment } from '../environment.ts'
import { loadReader } from '../reading/load-reader.ts'
import type { Readable } from '../session/session.ts'
import type { Tabs } from '../tabs/tabs.ts'
import type { TabPlatform } from '../tabs/platform.ts'
import { createCarrier } from './carrier.ts'
import type { CarrierOptions } from './carrier.ts'
import { createConnectionView } from './connection-view.ts'

/** How the one connection is to be kept up. */
export type LineOptions = Omit<ConnectionOptions, 'environment' | 'sink' | 'canPoll'>

export interface LineHost extends Omit<CarrierOptions, 'isLive'> {
  readonly environment: Environment
  /** Another tab watches this session: it is to be held here, too. `isAsked`: that tab does not take it for closed. */
  readonly ensure: (sessionId: string, isAsked: boolean) => void
  /** What must be known before the first attempt: states kept from before. */
  readonly isReady: () => boolean
}

/** What brings the events of the sessions watched: a connection of this tab's own, or that of the tab that leads. */
export interface Line {
  readonly view: Readable<ConnectionView>
  /** Other sessions are watched now; looked at once for all that changes in one go. */
  changed(): void
  /** A session has dropped its cursor. */
  resync(): void
  retryNow(): void
  pause(reason: PauseReason): void
  resume(reason: PauseReason): void
  /** Sessions that other tabs watch through this one. */
  wanted(): readonly string[]
  /** Shares the connection with the tabs of the same name. */
  share(platform: TabPlatform, name: string): void
  unshare(): void
  close(): void
}

export function createLine(options: LineOptions, host: LineHost): Line {
  const { environment, watched } = host
  let tabs: Tabs | undefined
  let sharing = 0
  let isChanging = false

  const carrier = createCarrier({
    ...host,
    watched: () => [...new Set([...(tabs?.wanted() ?? []), ...watched()])],
    isLive: () => view.getSnapshot().phase === 'live',
  })
  const connection = createConnection({
    ...options,
    environment,
    canPoll: options.transports.poll !== undefined,
    sink: {
      ...carrier,
      receive(envelope: Envelope, length) {
        const isWhole = carrier.receive(envelope, length)
        if (envelope.type !== 'heartbeat') tabs?.forward(envelope)
        return isWhole
      },
      isBusy: () => carrier.isBusy() || (tabs?.isSeen() ?? false),
    },
  })
  const view = createConnectionView({
    connection,
    transports: options.transports,
    role: () => tabs?.role ?? 'solo',
    remote: () => tabs?.view(),
  })
  connection.subscribe(() => tabs?.tell())

  const look = (): void => {
    isChanging = false
    if (tabs?.role === 'follower') {
      tabs.announce()
      return
    }
    if (carrier.isEmpty()) {
      connection.pause('empty')
      return
    }
    if (!host.isReady()) return
    connection.resume('empty')
    connection.start()
    if (carrier.isOutdated()) connection.change()
  }
  const changed = (): void => {
    if (isChanging) return
    isChanging = true
    queueMicrotask(look)
  }
  const unshare = (): void => {
    sharing++
    tabs?.close()
    tabs = undefined
    connection.resume('tabs')
    view.refresh()
  }

  const start = async (platform: TabPlatform, name: string): Promise<void> => {
    const mine = ++sharing
    // Until it is known who leads, nobody must open a second stream.
    connection.pause('tabs')
    try {
      const [{ createTabs }] = await Promise.all([import('../tabs/tabs.ts'), loadReader()])
      if (mine !== sharing) return
      tabs = createTabs({
        environment,
        platform,
        name,
        host: {
          wants: carrier.cursors,
          receive: (envelope) => carrier.receive(envelope, 0),
          expectHeads: carrier.expectHeads,
          heads: carrier.heads,
          stateOf: carrier.stateOf,
          view: view.own,
          onRole(role) {
            if (role === 'leader') connection.resume('tabs')
            else connection.pause('tabs')
            changed()
            view.refresh()
          },
          onWants(asked) {
            for (const sessionId of [...(tabs?.wanted() ?? [])])
              host.ensure(sessionId, asked.includes(sessionId))
            if (tabs?.isSeen() === true) connection.resume('hidden')
            changed()
          },
          onView: view.refresh,
          onRetry: connection.retryNow,
        },
      })
    } catch {
      // Its code could not be loaded: alone, then.
      if (mine === sharing) connection.resume('tabs')
    }
  }

  return {
    view,
    changed,
    resync() {
      if (tabs?.role === 'follower') tabs.announce()
      else connection.resync()
    },
    retryNow() {
      if (tabs?.role === 'follower') tabs.retry()
      else connection.retryNow()
    },
    wanted: () => tabs?.wanted() ?? [],
    pause: connection.pause,
    resume(reason) {
      connection.resume(reason)
      changed()
    },
    share(platform, name) {
      void start(platform, name)
    },
    unshare,
    close() {
      sharing++
      tabs?.close()
      connection.close()
    },
  }
}
