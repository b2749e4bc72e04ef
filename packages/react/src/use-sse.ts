import { SSEManager, SSEMemoryManager } from '@throughline/client/sse'
import type { OutboundMessage, SSEMessage } from '@throughline/client/sse'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useOptionalClient } from './provider.tsx'

/** The specification's options. */
export interface UseSSEOptions {
  readonly sessionId: string
  /** Default `false`: `connect` is called by hand. */
  readonly autoConnect?: boolean
  readonly onMessage?: (message: SSEMessage) => void
  readonly onError?: (error: Error) => void
  readonly onReconnect?: (attempt: number) => void
}

/** The specification's result. */
export interface UseSSEResult {
  readonly isConnected: boolean
  readonly isReconnecting: boolean
  readonly error: Error | null
  /** The newest 1,000 received. For a conversation use `useConversation`, which folds them. */
  readonly messages: readonly SSEMessage[]
  /** Resolves when the stream is open; rejects with a `StreamError` when it cannot be. */
  readonly connect: () => Promise<void>
  readonly disconnect: () => void
  readonly sendMessage: (message: OutboundMessage) => Promise<void>
}

const MAX_MESSAGES = 1_000

/** The specification's hook: one session's stream, over the provider's connection where there is a provider. */
export function useSSE(options: UseSSEOptions): UseSSEResult {
  const { sessionId, autoConnect = false } = options
  const client = useOptionalClient()
  const manager = useMemo(() => new SSEManager({}, client === null ? {} : { client }), [client])
  const [{ isConnected, isReconnecting, error }, setState] = useState(DISCONNECTED)
  const [received, setReceived] = useState<Received>({ sessionId, messages: NONE })
  const latest = useRef(options)
  useEffect(() => {
    latest.current = options
  })

  useEffect(() => {
    const recent = new SSEMemoryManager(MAX_MESSAGES)
    let isShowing = false
    // Events of one flush come together and are rendered together.
    const show = (): void => {
      if (isShowing) return
      isShowing = true
      queueMicrotask(() => {
        isShowing = false
        setReceived({ sessionId, messages: recent.getRecentMessages(MAX_MESSAGES) })
      })
    }
    manager
      .on('message', (message) => {
        recent.addMessage(message)
        show()
        latest.current.onMessage?.(message)
      })
      .on('connected', () => {
        setState({ isConnected: true, isReconnecting: false, error: null })
      })
      .on('reconnecting', ({ attempt }) => {
        setState({ isConnected: false, isReconnecting: true, error: null })
        latest.current.onReconnect?.(attempt)
      })
      .on('connection_failed', (error) => {
        setState({ ...DISCONNECTED, error })
        latest.current.onError?.(error)
      })
      .on('disconnected', () => {
        setState(DISCONNECTED)
      })
    // What goes wrong is told to `onError` and shown as `error`.
    if (autoConnect) manager.connect(sessionId).catch(() => undefined)
    return () => {
      manager.cleanup()
    }
  }, [manager, sessionId, autoConnect])

  const connect = useCallback(() => manager.connect(sessionId), [manager, sessionId])
  const disconnect = useCallback(() => {
    manager.disconnect()
  }, [manager])
  const sendMessage = useCallback((message: OutboundMessage) => manager.sendMessage(message), [manager])
  const messages = received.sessionId === sessionId ? received.messages : NONE

  return { isConnected, isReconnecting, error, messages, connect, disconnect, sendMessage }
}

interface Received {
  readonly sessionId: string
  readonly messages: readonly SSEMessage[]
}

const NONE: readonly SSEMessage[] = []

interface ConnectionFlags {
  readonly isConnected: boolean
  readonly isReconnecting: boolean
  readonly error: Error | null
}

const DISCONNECTED: ConnectionFlags = { isConnected: false, isReconnecting: false, error: null }
