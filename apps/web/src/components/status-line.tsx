'use client'

import { useStreamEvent } from '@throughline/react'
import { useState } from 'react'
import { strings } from '@/text/strings'
import { useToast } from './ui/toast'

/** Tells a screen reader politely what happened, one line at a time, and everybody when research has completed. */
export function StatusLine({ sessionId }: { sessionId: string }) {
  const [line, setLine] = useState('')
  const toasts = useToast()
  useStreamEvent(sessionId, 'agent_completed', (event) => {
    setLine(strings.agentFinished(event.data.agentName))
  })
  useStreamEvent(sessionId, 'research_completed', (event) => {
    const text = strings.researchDone(event.data.sources)
    setLine(text)
    if (document.hidden || !document.hasFocus()) toasts.add({ title: text })
  })
  return (
    <p role="status" aria-live="polite" className="sr-only">
      {line}
    </p>
  )
}
