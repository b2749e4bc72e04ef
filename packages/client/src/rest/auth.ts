import { StreamError } from '@throughline/protocol'
import type { WhoAmI } from '@throughline/protocol'
import type { AuthApi } from './api.ts'
import type { Credentials } from './credentials.ts'
import type { Send } from './request.ts'

export interface AuthOptions {
  readonly send: Send
  readonly credentials: Credentials
  /** Somebody is signed in; the first time, or another than before. */
  readonly onUser: (userId: string) => void
  /** Resolves when nothing of the user is left here. */
  readonly onSignedOut: () => Promise<void>
}

/** Sign-in over REST. PROTOCOL.md §5. */
export function createAuth({
  send,
  credentials,
  onUser,
  onSignedOut,
}: AuthOptions): Omit<AuthApi, 'onSignedOut'> {
  const ask = async (method: string, path: string): Promise<WhoAmI> => {
    const who = (await send(method, path)) as WhoAmI
    onUser(who.userId)
    return who
  }
  return {
    guest: () => ask('POST', '/api/auth/guest'),
    me: () => ask('GET', '/api/auth/me'),
    async refresh() {
      const outcome = await credentials.refresh()
      if (outcome === 'unreachable')
        throw new StreamError('network_error', 'The sign-in could not be renewed.')
      return outcome === 'renewed'
    },
    async signOut() {
      // Whatever the server says, nothing of the user may stay here.
      try {
        await send('POST', '/api/auth/sign-out')
      } finally {
        await onSignedOut()
      }
    },
  }
}
