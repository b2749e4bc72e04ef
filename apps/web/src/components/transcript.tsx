'use client'

import type { Message, Run } from '@throughline/protocol'
import type { Conversation } from '@throughline/react'
import { lazy, Suspense, useEffect, useState, type ReactElement } from 'react'
import { Answer } from './answer'
import type { ConversationCommands } from './conversation/commands'
import { OlderTurns } from './conversation/older-turns'
import type { ShowPanel } from './conversation/panel-view'
import { Question } from './question'
import { useChatScroll } from './ui/chat-container'

/** A conversation that grows longer than this is only rendered near the reader. */
const VIRTUAL_FROM = 200

const NO_SIBLINGS: readonly string[] = []

const VirtualTurns = lazy(() => import('./conversation/virtual-turns'))

export interface TranscriptProps {
  readonly conversation: Conversation
  readonly commands: ConversationCommands
  readonly show: ShowPanel
}

/** The branch shown: questions and answers, and what is under way after the last of them. */
export function Transcript({ conversation, commands, show }: TranscriptProps) {
  const { messages, runs, outgoing, hasOlder, siblings } = conversation
  const runOf = new Map(runs.map((run) => [run.id, run]))
  const queued = new Set(runs.filter(({ status }) => status === 'queued').map(({ messageId }) => messageId))
  const first = messages.findIndex(({ id }) => queued.has(id))
  const asked = new Set(runs.filter(({ endedAt }) => endedAt === null).map(({ messageId }) => messageId))
  const shared = { commands, show }
  const begun = new Set<string>()
  const turn = (message: Message): ReactElement => {
    if (message.role === 'user') {
      return (
        <Question
          key={message.id}
          message={message}
          outgoing={outgoing.find(({ id }) => id === message.id)}
          waiting={queued.has(message.id) && (message !== messages[first] || isBusy(runs))}
          siblings={siblings(message.id)}
          commands={commands}
        />
      )
    }
    const { id, runId } = message
    const key = runId === null || begun.has(runId) ? id : keyOf(runId)
    if (runId !== null) begun.add(runId)
    const run = runId === null ? undefined : runOf.get(runId)
    const renewing = message.parentId !== null && asked.has(message.parentId)
    return (
      <Answer key={key} message={message} run={run} siblings={siblings(id)} renewing={renewing} {...shared} />
    )
  }
  const turns = [
    ...messages.map(turn),
    ...unanswered(messages, runs).map((run) => (
      <Answer
        key={keyOf(run.id)}
        message={undefined}
        run={run}
        siblings={NO_SIBLINGS}
        renewing={false}
        {...shared}
      />
    )),
  ]
  const virtual = useVirtual(hasOlder, turns.length)
  return (
    <div className="mx-auto w-full max-w-3xl px-4 pt-6 pb-8 md:px-6">
      {(hasOlder || virtual) && (
        <OlderTurns load={hasOlder ? commands.loadOlder : undefined} oldest={messages[0]?.id} />
      )}
      {virtual ? (
        <Suspense fallback={<Turns>{turns.slice(-VIRTUAL_FROM)}</Turns>}>
          <VirtualTurns>{turns}</VirtualTurns>
        </Suspense>
      ) : (
        <Turns>{turns}</Turns>
      )}
    </div>
  )
}

/**
 * Whether turns far from the reader are left out of the page. A conversation that comes with older turns begins so;
 * one that grows long changes once, when nobody reads, writes or selects in the middle of it.
 */
function useVirtual(hasOlder: boolean, count: number): boolean {
  const [virtual, setVirtual] = useState(hasOlder)
  const { atBottom, viewport } = useChatScroll()
  const due = !virtual && count > VIRTUAL_FROM && atBottom
  useEffect(() => {
    if (!due) return
    const frame = requestAnimationFrame(() => {
      const busy = viewport.current?.contains(document.activeElement) ?? false
      if (!busy) setVirtual(true)
    })
    return () => {
      cancelAnimationFrame(frame)
    }
  }, [due, count, viewport])
  return virtual
}

function Turns({ children }: { children: readonly ReactElement[] }) {
  return <div className="space-y-7">{children}</div>
}

/** A run's turn is the same before and after its answer begins: what is being typed in it stays. */
function keyOf(runId: string): string {
  return `run:${runId}`
}

function isBusy(runs: readonly Run[]): boolean {
  return runs.some(({ status }) => status === 'running')
}

/** Runs that have written no message yet, or ended without one. */
function unanswered(messages: readonly Message[], runs: readonly Run[]): readonly Run[] {
  const answered = new Set(messages.filter(({ role }) => role === 'assistant').map(({ runId }) => runId))
  const last = runs.at(-1)
  return runs.filter(
    (run) =>
      !answered.has(run.id) &&
      (run.status === 'running' ||
        (run.status === 'queued' && !isBusy(runs)) ||
        (run === last && run.endedAt !== null && run.status !== 'completed')),
  )
}
