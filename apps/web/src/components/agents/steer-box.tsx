'use client'

import type { Run } from '@throughline/protocol'
import { CornerDownLeft } from 'lucide-react'
import { useStrings } from '@/text/use-strings'
import type { ConversationCommands } from '../conversation/commands'
import { returnDraft, useDraft } from '../draft'
import { Button } from '../ui/button'

/** Where a word to a run is kept until it is told. */
export function wordTo(run: Run): string {
  return `steer.${run.id}`
}

/**
 * A word to a team at work: it goes on with it instead of starting anew. A word that the end of the work overtook stays
 * under the fingers that type it, and is asked next.
 */
export function SteerBox({ run, commands }: { run: Run; commands: ConversationCommands }) {
  const strings = useStrings()
  const name = wordTo(run)
  const [text, setText] = useDraft(name)
  const late = run.endedAt !== null
  const word = text.trim()
  const tell = async () => {
    setText('')
    if (late) commands.ask(word)
    // What was not told is given back; what was typed since stays.
    else if (!(await commands.steer(word, run.id))) returnDraft(name, word)
  }
  return (
    <form
      data-testid="steer"
      className="flex items-center gap-1 rounded-lg border border-line bg-canvas ps-2.5 focus-within:border-accent"
      onSubmit={(event) => {
        event.preventDefault()
        if (word !== '') void tell()
      }}
    >
      <input
        value={text}
        dir="auto"
        maxLength={2_000}
        aria-label={late ? strings.steerLate : strings.steerLabel}
        title={late ? strings.steerLate : undefined}
        placeholder={strings.steerPlaceholder}
        onChange={(event) => {
          setText(event.target.value)
        }}
        className="h-9 min-w-0 flex-1 bg-transparent text-sm outline-none placeholder:text-faint"
      />
      <Button type="submit" variant="ghost" small disabled={word === ''}>
        <CornerDownLeft className="size-3.5 rtl:-scale-x-100" /> {late ? strings.askNext : strings.steer}
      </Button>
    </form>
  )
}
