'use client'

import type { OutgoingMessage } from '@throughline/client'
import type { Message as MessageState } from '@throughline/protocol'
import { Pencil } from 'lucide-react'
import { memo, useState } from 'react'
import { useStrings } from '@/text/use-strings'
import { Branches } from './conversation/branches'
import type { ConversationCommands } from './conversation/commands'
import { QuestionEditor } from './conversation/question-editor'
import { SendingState } from './conversation/sending-state'
import { useDraft } from './draft'
import { Button } from './ui/button'
import { CopyButton } from './ui/copy-button'
import { Message } from './ui/message'

export interface QuestionProps {
  readonly message: MessageState
  /** Present while it is on its way or was refused. */
  readonly outgoing: OutgoingMessage | undefined
  /** Its run waits for the one before it. */
  readonly waiting: boolean
  readonly siblings: readonly string[]
  readonly commands: ConversationCommands
}

/** What a person asked, how its sending goes, and the way to ask it differently. */
export const Question = memo(function Question(props: QuestionProps) {
  const strings = useStrings()
  const { message, outgoing, waiting, siblings, commands } = props
  const [draft, setDraft] = useDraft(`edit.${message.id}`)
  const [begun, setBegun] = useState(false)
  const end = () => {
    setBegun(false)
    setDraft('')
  }
  if (begun || draft !== '') {
    return (
      <QuestionEditor
        content={message.content}
        text={draft}
        // One that was left open, and is here again, takes the keyboard from nobody.
        autoFocus={begun}
        onChange={(text) => {
          // What is emptied is still being edited.
          setBegun(true)
          setDraft(text)
        }}
        onCancel={end}
        onSave={() => {
          end()
          commands.edit(message.id, draft.trim())
        }}
      />
    )
  }
  return (
    <Message
      from="user"
      label={strings.you}
      testId="question"
      actions={
        <div className="mt-1 flex max-w-full flex-wrap items-center justify-end gap-0.5">
          <SendingState outgoing={outgoing} waiting={waiting} commands={commands} />
          {outgoing === undefined && (
            <span className="flex items-center opacity-0 transition-opacity group-hover:opacity-100 group-focus-within:opacity-100 pointer-coarse:opacity-100">
              <CopyButton text={message.content} label={strings.copyQuestion} />
              <Button
                variant="ghost"
                small
                onClick={() => {
                  setBegun(true)
                  setDraft(message.content)
                }}
              >
                <Pencil className="size-3.5" /> {strings.edit}
              </Button>
            </span>
          )}
          <Branches messageId={message.id} siblings={siblings} onSelect={commands.selectBranch} />
        </div>
      }
    >
      <span dir="auto">{message.content}</span>
    </Message>
  )
})
