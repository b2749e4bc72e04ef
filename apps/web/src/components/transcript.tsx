'use client'

import type { Citation, Message, Run } from '@throughline/protocol'
import type { Conversation } from '@throughline/react'
import { useCallback } from 'react'
import { strings } from '@/text/strings'
import { Answer } from './answer'
import { Question } from './question'
import { ResearchProgress } from './research-progress'
import { Alert } from './ui/alert'
import { Button } from './ui/button'

export interface TranscriptProps {
  readonly conversation: Conversation
  readonly onOpen: (citation: Citation) => void
  readonly onFailure: () => void
}

/** The branch shown: questions and answers, and what is under way after the last of them. */
export function Transcript({ conversation, onOpen, onFailure }: TranscriptProps) {
  const { messages, runs, outgoing, hasOlder, siblings, selectBranch, discard } = conversation
  const { regenerate, continueRun, retry, loadOlder } = conversation
  const onRegenerate = useCallback(
    (id: string) => void regenerate(id).catch(onFailure),
    [regenerate, onFailure],
  )
  const onContinue = useCallback(
    (id: string) => void continueRun(id).catch(onFailure),
    [continueRun, onFailure],
  )
  const onRetry = useCallback((id: string) => void retry(id).catch(onFailure), [retry, onFailure])
  const runOf = new Map(runs.map((run) => [run.id, run]))
  const open = unanswered(messages, runs)
  return (
    <div className="mx-auto w-full max-w-3xl space-y-6 p-4 pt-14 md:p-6 md:pt-14">
      {hasOlder && (
        <div className="text-center">
          <Button variant="ghost" small onClick={() => void loadOlder().catch(onFailure)}>
            {strings.showOlder}
          </Button>
        </div>
      )}
      {messages.map((message) =>
        message.role === 'user' ? (
          <Question
            key={message.id}
            message={message}
            outgoing={outgoing.find(({ id }) => id === message.id)}
            siblings={siblings(message.id)}
            onSelect={selectBranch}
            onRetry={onRetry}
            onDiscard={discard}
          />
        ) : (
          <Answer
            key={message.id}
            message={message}
            run={message.runId === null ? undefined : runOf.get(message.runId)}
            siblings={siblings(message.id)}
            onOpen={onOpen}
            onRegenerate={onRegenerate}
            onContinue={onContinue}
            onSelect={selectBranch}
          />
        ),
      )}
      {open.map((run) => (
        <RunWithoutAnswer key={run.id} run={run} onContinue={onContinue} />
      ))}
    </div>
  )
}

/** Runs that have written no message yet, or ended without one. */
function unanswered(messages: readonly Message[], runs: readonly Run[]): readonly Run[] {
  const answered = new Set(messages.filter(({ role }) => role === 'assistant').map(({ runId }) => runId))
  const last = runs.at(-1)
  return runs.filter(
    (run) =>
      !answered.has(run.id) &&
      (run.status === 'queued' || run.status === 'running' || (run === last && run.status !== 'completed')),
  )
}

function RunWithoutAnswer({ run, onContinue }: { run: Run; onContinue: (runId: string) => void }) {
  const ended = run.status !== 'queued' && run.status !== 'running'
  return (
    <div className="space-y-3">
      <ResearchProgress run={run} />
      {ended && (
        <Alert
          tone={run.status === 'failed' ? 'bad' : 'warn'}
          action={
            <Button
              small
              onClick={() => {
                onContinue(run.id)
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
