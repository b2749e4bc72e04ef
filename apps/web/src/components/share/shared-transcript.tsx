'use client'

import type { Citation, Message as MessageState } from '@throughline/protocol'
import type { Conversation } from '@throughline/react'
import { memo } from 'react'
import { StreamingMarkdown } from '@/markdown/streaming-markdown'
import { useShareStrings } from '@/text/share-strings'
import { useStrings } from '@/text/use-strings'
import { CitationsProvider } from '../citations'
import { Button } from '../ui/button'
import { Message } from '../ui/message'

export interface SharedTranscriptProps {
  readonly conversation: Conversation
  /** Shows what a citation quotes. */
  readonly onQuote: (citation: Citation) => void
}

/** Questions and answers as they are and become, with nothing to press but what shows more. */
export function SharedTranscript({ conversation, onQuote }: SharedTranscriptProps) {
  const strings = useStrings()
  const { sharedQuestion } = useShareStrings()
  const { messages, runs, hasOlder, loadOlder } = conversation
  const working = runs.some(({ status }) => status === 'running' || status === 'queued')
  const streaming = messages.some(({ status }) => status === 'streaming')
  return (
    <div className="mx-auto w-full max-w-3xl space-y-7 px-4 pt-6 pb-10 md:px-6">
      {hasOlder && (
        <div className="text-center">
          <Button variant="ghost" small onClick={() => void loadOlder().catch(() => undefined)}>
            {strings.showOlder}
          </Button>
        </div>
      )}
      {messages.map((message) =>
        message.role === 'user' ? (
          <Message key={message.id} from="user" label={sharedQuestion}>
            <span dir="auto">{message.content}</span>
          </Message>
        ) : (
          <SharedAnswer key={message.id} message={message} onQuote={onQuote} />
        ),
      )}
      {working && !streaming && <p className="animate-pulse text-sm text-soft">{strings.teamAtWork}</p>}
    </div>
  )
}

interface SharedAnswerProps {
  readonly message: MessageState
  readonly onQuote: (citation: Citation) => void
}

const SharedAnswer = memo(function SharedAnswer({ message, onQuote }: SharedAnswerProps) {
  const strings = useStrings()
  const { citations: list, content, status } = message
  return (
    <Message from="assistant" label={strings.team}>
      <div data-testid="answer" data-status={status}>
        <CitationsProvider list={list} open={onQuote}>
          <StreamingMarkdown text={content} ended={status !== 'streaming'} />
        </CitationsProvider>
      </div>
    </Message>
  )
})
