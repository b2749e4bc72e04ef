import type { Environment } from '../environment.ts'
import type { Keeper } from '../local/keeper.ts'
import type { OpenLocalStore } from '../local/local-store.ts'
import { loadReader } from '../reading/load-reader.ts'
import type { Unsubscribe } from '../session/session.ts'
import type { Sessions } from './sessions.ts'

export interface UserOptions {
  readonly environment: Environment
  readonly sessions: Sessions
  /** Of the hub: users of another are strangers. */
  readonly baseUrl: string
  readonly share: boolean
  /** Opens what a user left in this browser; `undefined` where nothing is kept. */
  readonly openStore: (() => Promise<OpenLocalStore>) | undefined
}

/** Who is signed in, and what that means for everything that was shown to somebody else. */
export interface User {
  /** Who is signed in now. Everything of another one before is closed and wiped, in all tabs. */
  set(userId: string): void
  /** Nobody is any longer; resolves when nothing of the user is left. */
  leave(): Promise<void>
  /** Calls when nobody is signed in any longer, here or because of another tab, and nothing is left. */
  onLeft(listener: () => void): Unsubscribe
  close(): void
}

export function createUser({ environment, sessions, baseUrl, share, openStore }: UserOptions): User {
  const { line } = sessions
  const scope = `throughline:${baseUrl}`
  const listeners = new Set<() => void>()
  let user: string | null = null

  const isNobody = (): boolean => user === null

  // Signing out in one tab signs out in all.
  const channel = share ? environment.tabs?.channel(scope) : undefined
  channel?.listen((message) => {
    if (user !== null && message === user) void leave()
  })

  const open = async (userId: string): Promise<Keeper | undefined> => {
    // What was kept is read by it, too, and is not waited for long.
    void loadReader()
    try {
      const [{ createKeeper }, openLocal] = await Promise.all([import('../local/keeper.ts'), openStore?.()])
      // Somebody else may have come meanwhile.
      return user === userId && openLocal !== undefined
        ? createKeeper(openLocal(userId), environment)
        : undefined
    } catch {
      // Its code could not be loaded: nothing is kept, then.
      return undefined
    }
  }

  const leave = async (): Promise<void> => {
    user = null
    line.pause('auth')
    line.unshare()
    const gone = sessions.wipe()
    sessions.unkeep(gone)
    await gone
    // Somebody else may have come meanwhile.
    if (isNobody()) for (const listener of [...listeners]) listener()
  }
  const signOut = async (): Promise<void> => {
    if (user !== null) channel?.post(user)
    await leave()
  }

  return {
    leave: signOut,
    onLeft(listener) {
      const entry = (): void => {
        listener()
      }
      listeners.add(entry)
      return () => void listeners.delete(entry)
    },
    set(userId) {
      if (user !== null && user !== userId) void signOut()
      if (user !== userId) {
        user = userId
        if (openStore !== undefined) sessions.keep(open(userId))
        if (share && environment.tabs !== undefined) line.share(environment.tabs, `${scope}:${userId}`)
      }
      line.resume('auth')
      sessions.wake()
      if (line.view.getSnapshot().status === 'failed') line.retryNow()
    },
    close() {
      channel?.close()
    },
  }
}
