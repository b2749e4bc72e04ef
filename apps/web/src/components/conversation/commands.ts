'use client'

import type { Conversation } from '@throughline/react'
import { useMemo } from 'react'
import { useStrings } from '@/text/use-strings'
import { useToast } from '../ui/toast'

/** What a person may do with the turns of a conversation. A refusal is shown; the same functions as long as the session is. */
export interface ConversationCommands {
  regenerate(messageId: string): void
  continueRun(runId: string): void
  edit(messageId: string, content: string): void
  retry(messageId: string): void
  discard(messageId: string): void
  selectBranch(messageId: string): void
  stop(): void
  loadOlder(): void
  /** Answers a request of a run. */
  resolve(inputId: string, decision: string, value?: unknown): Promise<boolean>
  /** `false` when the word came too late. */
  steer(content: string, runId: string): Promise<boolean>
}

/** The commands of a conversation, each telling the person when it did not work. */
export function useCommands(conversation: Conversation): ConversationCommands {
  const strings = useStrings()
  const { regenerate, continueRun, edit, retry, discard } = conversation
  const { selectBranch, stop, loadOlder, resolve, steer } = conversation
  const { add } = useToast()
  return useMemo(() => {
    const report = (): void => {
      add({ title: strings.actionFailed, priority: 'high' })
    }
    const told = (work: Promise<unknown>): void => {
      work.catch(report)
    }
    const inTime = async (work: Promise<boolean>): Promise<boolean> => {
      try {
        const applied = await work
        if (!applied) add({ title: strings.tooLate })
        return applied
      } catch {
        report()
        return false
      }
    }
    return {
      regenerate: (messageId) => told(regenerate(messageId)),
      continueRun: (runId) => told(continueRun(runId)),
      // A refusal stays with the message, which offers to send it again.
      edit: (messageId, content) => void edit(messageId, content).catch(() => undefined),
      retry: (messageId) => void retry(messageId).catch(() => undefined),
      discard: (messageId) => void discard(messageId),
      selectBranch,
      stop: () => told(stop()),
      loadOlder: () => told(loadOlder()),
      resolve: (inputId, decision, value) => inTime(resolve(inputId, decision, value)),
      steer: (content, runId) => inTime(steer(content, runId)),
    }
  }, [
    strings,
    add,
    regenerate,
    continueRun,
    edit,
    retry,
    discard,
    selectBranch,
    stop,
    loadOlder,
    resolve,
    steer,
  ])
}
