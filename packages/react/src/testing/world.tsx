import { createStreamClient } from '@throughline/client'
import type { StreamClient } from '@throughline/client'
import { FakeHub, createFakeEnvironment } from '@throughline/client/testing'
import type { FakeEnvironment } from '@throughline/client/testing'
import { act } from '@testing-library/react'
import type { ReactNode } from 'react'
import { StreamProvider } from '../provider.tsx'

/** A client on a fake hub, and what a test of a hook does with it. */
export interface World {
  readonly hub: FakeHub
  readonly environment: FakeEnvironment
  readonly client: StreamClient
  readonly wrapper: (props: { readonly children: ReactNode }) => ReactNode
  /** Lets time pass while React looks. */
  advance(ms: number): Promise<void>
  /** Begins a run with an answer that is being written. */
  startAnswer(messageId: string, runId?: string): void
  chunk(messageId: string, content: string): void
}

export function createWorld(): World {
  const hub = new FakeHub()
  const environment = createFakeEnvironment({ fetch: hub.fetch })
  const client = createStreamClient({ environment, share: 'off' })
  return {
    hub,
    environment,
    client,
    wrapper: ({ children }) => <StreamProvider client={client}>{children}</StreamProvider>,
    advance: (ms) => act(() => environment.advance(ms)),
    startAnswer(messageId, runId = 'r1') {
      hub.append('s1', { type: 'run_started', data: { runId, kind: 'message', attempt: 1 }, runId })
      const parentId = hub.stream('s1').state.messages.at(-1)?.id ?? null
      hub.append('s1', { type: 'message_started', data: { messageId, role: 'assistant' }, runId, parentId })
    },
    chunk(messageId, content) {
      hub.append('s1', {
        type: 'message_chunk',
        data: { messageId, content, isComplete: false },
        runId: 'r1',
      })
    },
  }
}
