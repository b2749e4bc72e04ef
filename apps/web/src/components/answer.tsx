'use client'

import type { Citation, Message as MessageState, Run } from '@throughline/protocol'
import { memo, useMemo } from 'react'
import { StreamingMarkdown } from '@/markdown/streaming-markdown'
import { strings } from '@/text/strings'
import { AnswerActions } from './answer-actions'
import { CitationsProvider } from './citations'
import { ResearchProgress } from './research-progress'
import { SourceList } from './source-list'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { Message } from './ui/message'

export interface AnswerProps {
  readonly message: MessageState
  readonly run: Run | undefined
  readonly siblings: readonly string[]
  readonly onOpen: (citation: Citation) => void
  readonly onRegenerate: (messageId: string) => void
  readonly onContinue: (runId: string) => void
  readonly onSelect: (messageId: string) => void
}

const ENDS: Partial<Record<MessageState['status'], string>> = {
  interrupted: strings.interrupted,
  cancelled: strings.cancelled,
  failed: strings.failed,
}

/** One answer: who worked on it, its text, how it ended, where it comes from. */
export const Answer = memo(function Answer(props: AnswerProps) {
  const { message, run, siblings, onOpen, onRegenerate, onContinue, onSelect } = props
  const citations = useMemo(() => ({ list: message.citations, open: onOpen }), [message.citations, onOpen])
  const ended = message.status !== 'streaming'
  const end = ENDS[message.status]
  const resumable = run !== undefined && end !== undefined
  return (
    <Message from="assistant" label={strings.team}>
      <div data-testid="answer" data-status={message.status} className="space-y-3">
        {run !== undefined && <ResearchProgress run={run} />}
        <CitationsProvider value={citations}>
          <StreamingMarkdown text={message.content} ended={ended} />
        </CitationsProvider>
        {end !== undefined && (
          <Alert
            tone={message.status === 'failed' ? 'bad' : 'warn'}
            action={
              resumable && (
                <Button
                  small
                  onClick={() => {
                    onContinue(run.id)
                  }}
                >
                  {strings.continueRun}
                </Button>
              )
            }
          >
            {run?.failure?.message ?? end}
          </Alert>
        )}
        {ended && <SourceList citations={message.citations} onOpen={onOpen} />}
        {ended && (
          <AnswerActions
            message={message}
            messageId={message.id}
            siblings={siblings}
            onSelect={onSelect}
            onRegenerate={() => {
              onRegenerate(message.id)
            }}
          />
        )}
      </div>
    </Message>
  )
})
