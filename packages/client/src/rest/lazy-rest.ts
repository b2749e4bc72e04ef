import { StreamError } from '@throughline/protocol'
import type { SessionsApi } from './api.ts'
import type { SenderOptions } from './request.ts'
import type { Rest } from './rest.ts'

const SESSION_CALLS = [
  'createSession',
  'listSessions',
  'getSession',
  'renameSession',
  'archiveSession',
  'deleteSession',
  'restoreSession',
  'olderMessages',
] as const satisfies readonly (keyof SessionsApi)[]

/** The same before its code is there: a call loads it, and fails as the network does when it cannot be had. */
export function createLazyRest(options: SenderOptions): Rest {
  let loading: Promise<Rest> | undefined
  const load = (): Promise<Rest> =>
    (loading ??= import('./rest.ts').then(
      ({ createRest }) => createRest(options),
      (cause: unknown) => {
        loading = undefined
        throw new StreamError('network_error', 'The code that asks the server could not be loaded.', {
          cause,
        })
      },
    ))
  const call =
    (name: (typeof SESSION_CALLS)[number]) =>
    async (...given: readonly unknown[]): Promise<unknown> => {
      const { sessions } = await load()
      return await (sessions[name] as (...given: readonly unknown[]) => Promise<unknown>)(...given)
    }
  return {
    send: async (...request) => (await load()).send(...request),
    sessions: Object.fromEntries(SESSION_CALLS.map((name) => [name, call(name)])) as unknown as SessionsApi,
  }
}
