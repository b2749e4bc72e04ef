'use client'

import type { Conversation } from '@throughline/react'
import { useDraft } from '../draft'
import { PromptInput } from '../ui/prompt-input'
import { useChatScroll } from '../ui/chat-container'
import type { ConversationCommands } from './commands'
import { PlanToggle } from './plan-toggle'

export interface ComposerProps {
  readonly sessionId: string
  readonly conversation: Conversation
  readonly commands: ConversationCommands
}

/** Where a person asks on. A question asked while the team is at work waits for its turn. */
export function Composer({ sessionId, conversation, commands }: ComposerProps) {
  const [draft, setDraft] = useDraft(sessionId)
  const { toBottom } = useChatScroll()
  const { status } = conversation
  const busy = status === 'submitted' || status === 'streaming'
  const submit = () => {
    // A refusal stays with the message, which offers to send it again.
    commands.ask(draft.trim())
    setDraft('')
    toBottom()
  }
  return (
    <div className="mx-auto w-full max-w-3xl px-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] md:px-6 md:pb-5">
      <PromptInput
        autoFocus
        value={draft}
        onChange={setDraft}
        onSubmit={submit}
        onStop={busy ? commands.stop : undefined}
        tools={<PlanToggle />}
      />
    </div>
  )
}
