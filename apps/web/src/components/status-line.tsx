'use client'

import type { Run } from '@throughline/protocol'
import { useStreamEvent, type Conversation } from '@throughline/react'
import { useEffect, useEffectEvent, useRef } from 'react'
import { useStrings } from '@/text/use-strings'
import { announce } from './announcer'
import { sourcesOf } from './conversation/sources'
import { lastSeen } from './last-seen'
import { useToast } from './ui/toast'

export interface StatusLineProps {
  readonly sessionId: string
  readonly conversation: Conversation
}

/**
 * Tells what happens in a conversation: to a screen reader each step as it comes, and to everybody that research has
 * completed since they last looked, also when that was while they were away.
 */
export function StatusLine({ sessionId, conversation }: StatusLineProps) {
  const strings = useStrings()
  const toasts = useToast()
  const { runs, messages, loaded } = conversation

  const endOf = (run: Run): string => {
    const answer = messages.findLast(({ role, runId }) => role === 'assistant' && runId === run.id)
    if (run.status === 'queued' || run.status === 'running') return ''
    if (run.status !== 'completed' || answer === undefined) return strings.runEnded[run.status]
    return strings.researchDone(sourcesOf(answer.citations).length)
  }
  const look = useEffectEvent(() => {
    // A page in the background is not looked at, and its lines are not read out.
    if (!loaded || document.visibilityState !== 'visible') return
    const run = lastSeen.look(sessionId, runs)
    if (run === undefined) return
    announce(endOf(run))
    if (run.status === 'completed')
      toasts.add({ title: strings.researchCompleted, description: endOf(run), timeout: 4_000 })
  })
  useEffect(() => {
    look()
  }, [loaded, runs])
  useEffect(() => {
    const onVisible = () => {
      look()
    }
    document.addEventListener('visibilitychange', onVisible)
    return () => {
      document.removeEventListener('visibilitychange', onVisible)
    }
  }, [])

  useStreamEvent(sessionId, 'agent_completed', ({ data }) => {
    announce(
      data.status === 'error' ? strings.agentGaveUp(data.agentName) : strings.agentFinished(data.agentName),
    )
  })
  useOpenRequests(runs)
  return null
}

/** A team that waits for the person is told whenever they come to it, once for each thing it asks. */
function useOpenRequests(runs: readonly Run[]): void {
  const strings = useStrings()
  const known = useRef<ReadonlySet<string>>(new Set())
  const tell = useEffectEvent(() => {
    announce(strings.waitsForYou)
  })
  useEffect(() => {
    const open = runs.flatMap(({ inputs }) => inputs.map(({ inputId }) => inputId))
    if (open.some((id) => !known.current.has(id))) tell()
    known.current = new Set(open)
  }, [runs])
}
