import type { StreamClient } from '@throughline/client'
import { createContext, use } from 'react'
import type { ReactNode } from 'react'

const ClientContext = createContext<StreamClient | null>(null)

/** What a provider gives to whom. */
export interface StreamProviderProps {
  readonly client: StreamClient
  readonly children?: ReactNode
}

/** Gives the hooks below it their client. It opens and closes nothing. */
export function StreamProvider({ client, children }: StreamProviderProps): ReactNode {
  return <ClientContext value={client}>{children}</ClientContext>
}

/** The client of the nearest provider, or none. */
export function useOptionalClient(): StreamClient | null {
  return use(ClientContext)
}

/** The client of the nearest provider. @throws Error without one. */
export function useStreamClient(): StreamClient {
  const client = use(ClientContext)
  if (client === null) throw new Error('Wrap the tree in <StreamProvider client={createStreamClient()}>')
  return client
}
