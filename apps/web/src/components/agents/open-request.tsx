'use client'

import type { PendingInput } from '@throughline/protocol'
import { useState } from 'react'
import { useStrings } from '@/text/use-strings'
import type { ConversationCommands } from '../conversation/commands'
import { useDraft } from '../draft'
import { Button } from '../ui/button'
import { Card } from '../ui/card'

/** Anything else that a team asks of the person, with the choices it gives or a line to write in. */
export function OpenRequest({ input, commands }: { input: PendingInput; commands: ConversationCommands }) {
  const strings = useStrings()
  const [text, setText] = useDraft(`answer.${input.inputId}`)
  const [busy, setBusy] = useState(false)
  const choices = choicesOf(input.options)
  const decide = (decision: string, value?: string) => {
    setBusy(true)
    void commands.resolve(input.inputId, decision, value).then((applied) => {
      if (applied) setText('')
      else setBusy(false)
    })
  }
  return (
    <Card data-testid="request" aria-label={strings.teamAsks} className="border-accent/50 p-3.5">
      <h3 className="text-sm font-semibold">{strings.teamAsks}</h3>
      <p className="mt-1 text-sm text-soft" dir="auto">
        {input.prompt}
      </p>
      {choices.length > 0 ? (
        <div className="mt-3 flex flex-wrap gap-2">
          {choices.map((choice) => (
            <Button
              key={choice}
              small
              disabled={busy}
              onClick={() => {
                decide(choice)
              }}
            >
              {choice}
            </Button>
          ))}
        </div>
      ) : (
        <form
          className="mt-3 flex gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            if (text.trim() !== '' && !busy) decide('answer', text.trim())
          }}
        >
          <input
            value={text}
            dir="auto"
            aria-label={input.prompt}
            // What is disabled loses the keyboard.
            readOnly={busy}
            onChange={(event) => {
              setText(event.target.value)
            }}
            className="h-8 min-w-0 flex-1 rounded-lg border border-line bg-canvas px-2.5 text-sm outline-none focus:border-accent"
          />
          <Button type="submit" small variant="primary" disabled={busy || text.trim() === ''}>
            {strings.answer}
          </Button>
        </form>
      )}
    </Card>
  )
}

function choicesOf(options: unknown): readonly string[] {
  return Array.isArray(options) ? options.filter((option) => typeof option === 'string') : []
}
