'use client'

import type { OutgoingMessage } from '@throughline/client'
import type { Message as MessageState } from '@throughline/protocol'
import { memo } from 'react'
import { strings } from '@/text/strings'
import { Branches } from './answer-actions'
import { Button } from './ui/button'
import { Message } from './ui/message'

export interface QuestionProps {
  readonly message: MessageState
  /** Present while it is on its way or was refused. */
  readonly outgoing: OutgoingMessage | undefined
  readonly siblings: readonly string[]
  readonly onSelect: (messageId: string) => void
  readonly onRetry: (messageId: string) => void
  readonly onDiscard: (messageId: string) => void
}

/** What a person asked, and how its sending goes. */
export const Question = memo(function Question(props: QuestionProps) {
  const { message, outgoing, siblings, onSelect, onRetry, onDiscard } = props
  return (
    <Message
      from="user"
      label={strings.you}
      actions={
        <>
          <Branches messageId={message.id} siblings={siblings} onSelect={onSelect} />
          {outgoing?.state === 'sending' && <p className="mt-1 text-xs text-faint">{strings.sending}</p>}
          {outgoing?.state === 'failed' && (
            <p
              role="alert"
              className="mt-1.5 flex flex-wrap items-center justify-end gap-1.5 text-sm text-bad"
            >
              {strings.notSent}
              <Button
                small
                onClick={() => {
                  onRetry(message.id)
                }}
              >
                {strings.retry}
              </Button>
              <Button
                small
                variant="ghost"
                onClick={() => {
                  onDiscard(message.id)
                }}
              >
                {strings.discard}
              </Button>
            </p>
          )}
        </>
      }
    >
      <span dir="auto">{message.content}</span>
    </Message>
  )
})
