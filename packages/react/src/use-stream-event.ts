import type { EventOf } from '@throughline/client'
import type { Envelope, KnownEventType } from '@throughline/protocol'
import { useEffect, useRef } from 'react'
import { useStreamClient } from './provider.tsx'

/** Calls `listener` with each event of `type` while mounted; the listener may be another at each render. */
export function useStreamEvent<T extends KnownEventType>(
  sessionId: string,
  type: T,
  listener: (event: EventOf<T>) => void,
): void
export function useStreamEvent(sessionId: string, type: string, listener: (event: Envelope) => void): void
export function useStreamEvent<T extends KnownEventType>(
  sessionId: string,
  type: T,
  listener: (event: EventOf<T>) => void,
): void {
  const session = useStreamClient().session(sessionId)
  const latest = useRef(listener)
  useEffect(() => {
    latest.current = listener
  }, [listener])
  useEffect(
    () =>
      session.on(type, (event) => {
        latest.current(event)
      }),
    [session, type],
  )
}
