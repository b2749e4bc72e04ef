'use client'

import type { Message, Run } from '@throughline/protocol'
import type { Conversation } from '@throughline/react'
import { lazy, Suspense, type ReactElement } from 'react'
import { useStrings } from '@/text/use-strings'
import { Answer } from './answer'
import type { ConversationCommands } from './conversation/commands'
import { OlderTurns } from './conversation/older-turns'
import type { ShowPanel } from './conversation/panel-view'
import { Question } from './question'
import { ResearchProgress } from './research-progress'
import { Alert } from './ui/alert'
import { Button } from './ui/button'

/** More turns than this are only rendered near the reader. */
const VIRTUAL_FROM = 200

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
  const turn = (message: Message): ReactElement =>
    message.role === 'user' ? (
      <Question
        key={message.id}
        message={message}
        outgoing={outgoing.find(({ id }) => id === message.id)}
        waiting={queued.has(message.id) && (message !== messages[first] || isBusy(runs))}
        siblings={siblings(message.id)}
        commands={commands}
      />
    ) : (
      <Answer
        key={message.id}
        message={message}
        run={message.runId === null ? undefined : runOf.get(message.runId)}
        siblings={siblings(message.id)}
        commands={commands}
        show={show}
      />
    )
  const turns = messages.map(turn)
  const open = unanswered(messages, runs)
  return (
    <div className="mx-auto w-full max-w-3xl px-4 pt-6 pb-8 md:px-6">
      {hasOlder && <OlderTurns load={commands.loadOlder} oldest={messages[0]?.id} />}
      {turns.length > VIRTUAL_FROM ? (
        <Suspense fallback={<Turns>{turns.slice(-VIRTUAL_FROM)}</Turns>}>
          <VirtualTurns>{turns}</VirtualTurns>
        </Suspense>
      ) : (
        <Turns>{turns}</Turns>
      )}
      {open.map((run) => (
        <div key={run.id} className="pt-7">
          <RunWithoutAnswer run={run} commands={commands} show={show} />
        </div>
      ))}
    </div>
  )
}

function Turns({ children }: { children: readonly ReactElement[] }) {
  return <div className="space-y-7">{children}</div>
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

interface RunWithoutAnswerProps {
  readonly run: Run
  readonly commands: ConversationCommands
  readonly show: ShowPanel
}

function RunWithoutAnswer({ run, commands, show }: RunWithoutAnswerProps) {
  const strings = useStrings()
  return (
    <div className="space-y-3">
      <ResearchProgress run={run} commands={commands} show={show} />
      {run.endedAt !== null && (
        <Alert
          tone={run.status === 'failed' ? 'bad' : 'warn'}
          action={
            <Button
              small
              onClick={() => {
                commands.continueRun(run.id)
              }}
            >
              {strings.retry}
            </Button>
          }
        >
          {run.failure?.message ?? strings.endedWithoutAnswer}
        </Alert>
      )}
    </div>
  )
}
