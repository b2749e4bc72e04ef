'use client'

import type { Conversation } from '@throughline/react'
import { useMemo } from 'react'
import { useStrings } from '@/text/use-strings'
import { useToast } from '../ui/toast'
import { useRunOptions } from './plan-toggle'

/** What a person may do with the turns of a conversation. The same functions as long as the session is. */
export interface ConversationCommands {
  /** Asks on, after everything asked before. */
  ask(content: string): void
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
  /** `false` when the word came too late, was refused or taken back. */
  steer(content: string, runId: string): Promise<boolean>
}

/** The commands of a conversation. How each stands is shown by the outbox, or by the message that it is. */
export function useCommands(conversation: Conversation): ConversationCommands {
  const strings = useStrings()
  const { sendMessage, regenerate, continueRun, edit, retry, discard } = conversation
  const { selectBranch, stop, loadOlder, resolve, steer } = conversation
  const { add } = useToast()
  const options = useRunOptions()
  return useMemo(() => {
    const shown = (work: Promise<unknown>): void => {
      work.catch(() => undefined)
    }
    const begun = new Set<string>()
    /** A second click on what is on its way begins nothing. */
    const once = (key: string, work: () => Promise<unknown>): void => {
      if (begun.has(key)) return
      begun.add(key)
      shown(work().finally(() => begun.delete(key)))
    }
    const inTime = (work: Promise<boolean>): Promise<boolean> => work.catch(() => false)
    return {
      ask: (content) => shown(sendMessage({ content, options })),
      regenerate: (messageId) => once(messageId, () => regenerate(messageId, options)),
      continueRun: (runId) => once(runId, () => continueRun(runId, options)),
      edit: (messageId, content) => shown(edit(messageId, content, options)),
      retry: (messageId) => shown(retry(messageId)),
      discard: (messageId) => shown(discard(messageId)),
      selectBranch,
      stop: () => shown(stop()),
      loadOlder: () =>
        void loadOlder().catch(() => {
          add({ title: strings.actionFailed, priority: 'high' })
        }),
      resolve: (inputId, decision, value) => inTime(resolve(inputId, decision, value)),
      steer: (content, runId) => inTime(steer(content, runId)),
    }
  }, [
    strings,
    add,
    options,
    sendMessage,
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
