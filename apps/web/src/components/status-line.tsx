'use client'

import { useStreamEvent } from '@throughline/react'
import { useStrings } from '@/text/use-strings'
import { announce } from './announcer'
import { useToast } from './ui/toast'

/** Tells what happens in a conversation: to a screen reader each step, to everybody that research has completed. */
export function StatusLine({ sessionId }: { sessionId: string }) {
  const strings = useStrings()
  const toasts = useToast()
  useStreamEvent(sessionId, 'agent_completed', ({ data }) => {
    announce(
      data.status === 'error' ? strings.agentGaveUp(data.agentName) : strings.agentFinished(data.agentName),
    )
  })
  useStreamEvent(sessionId, 'input_requested', () => {
    announce(strings.waitsForYou)
  })
  useStreamEvent(sessionId, 'research_completed', ({ data }) => {
    announce(strings.researchDone(data.sources))
    toasts.add({
      title: strings.researchCompleted,
      description: strings.researchDone(data.sources),
      timeout: 4_000,
    })
  })
  useStreamEvent(sessionId, 'run_completed', ({ data }) => {
    if (data.status !== 'completed') announce(strings.runEnded[data.status])
  })
  return null
}
