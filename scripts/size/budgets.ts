/** A part of what a browser loads, and how large it may be. */
export interface Budget {
  readonly name: string
  /** A module that imports the part and nothing else. */
  readonly source: string
  /** Packages that the part shares with others, whose size is not its own. */
  readonly external?: readonly string[]
  /** Bytes, minified and compressed, with everything that is loaded at once with it. */
  readonly bytes: number
  /** Bytes of each piece that is loaded later, beyond what is there by then. */
  readonly lazyBytes: number
}

const ours = ['@throughline/client', '@throughline/protocol']
const theirs = ['react', 'react/jsx-runtime', 'zustand', '@tanstack/react-query']

/** Why these numbers: docs/decisions/2026-11-23-client-size.md. */
export const budgets: readonly Budget[] = [
  {
    name: 'core: decoder, fetch, connection, fold',
    // Used and not exported: the names of exports are not in an application's bundle.
    source: `
      import { createSseTransport } from './packages/client/dist/transports/sse.js'
      import { createConnection } from './packages/client/dist/connection/connection.js'
      import { foldConversation } from '@throughline/protocol'
      globalThis.core = [createSseTransport, createConnection, foldConversation]`,
    bytes: 6_000,
    lazyBytes: 4_000,
  },
  {
    name: 'client: all that a page which follows a session loads at first',
    source: `export { createStreamClient } from '@throughline/client'`,
    bytes: 15_900,
    lazyBytes: 4_000,
  },
  {
    name: 'React hooks',
    source: `export * from '@throughline/react'`,
    external: [...ours, ...theirs],
    bytes: 2_500,
    lazyBytes: 0,
  },
]
