'use client'

import type { OutgoingMessage } from '@throughline/client'
import { CircleAlert, Clock } from 'lucide-react'
import { useStrings } from '@/text/use-strings'
import { Button } from '../ui/button'
import type { ConversationCommands } from './commands'

export interface SendingStateProps {
  readonly outgoing: OutgoingMessage | undefined
  readonly waiting: boolean
  readonly commands: ConversationCommands
}

/** Where a message is that the team has not begun with: on its way, in the queue, or refused. */
export function SendingState({ outgoing, waiting, commands }: SendingStateProps) {
  const strings = useStrings()
  if (outgoing?.state === 'failed') {
    return (
      <div role="alert" className="flex flex-wrap items-center justify-end gap-1.5 text-sm text-bad">
        <CircleAlert aria-hidden className="size-4" />
        {outgoing.error?.retryable === false ? strings.refusal(outgoing.error) : strings.notSent}
        <Button
          small
          onClick={() => {
            commands.retry(outgoing.id)
          }}
        >
          {strings.retry}
        </Button>
        <DiscardButton id={outgoing.id} commands={commands} />
      </div>
    )
  }
  if (outgoing !== undefined) {
    return (
      <div className="flex items-center gap-1.5 text-xs text-faint" data-testid="sending">
        <Clock aria-hidden className="size-3.5" /> {strings.sending}
        <DiscardButton id={outgoing.id} commands={commands} />
      </div>
    )
  }
  if (!waiting) return null
  return (
    <p className="flex items-center gap-1.5 pe-1 text-xs text-faint">
      <Clock aria-hidden className="size-3.5" /> {strings.queuedHint}
    </p>
  )
}

function DiscardButton({ id, commands }: { id: string; commands: ConversationCommands }) {
  const strings = useStrings()
  return (
    <Button
      small
      variant="ghost"
      onClick={() => {
        commands.discard(id)
      }}
    >
      {strings.discard}
    </Button>
  )
}
