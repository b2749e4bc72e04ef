'use client'

import { CornerDownLeft } from 'lucide-react'
import { useState } from 'react'
import { useStrings } from '@/text/use-strings'
import type { ConversationCommands } from '../conversation/commands'
import { Button } from '../ui/button'

/** A word to a team at work: it goes on with it instead of starting anew. */
export function SteerBox({ runId, commands }: { runId: string; commands: ConversationCommands }) {
  const strings = useStrings()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const tell = async () => {
    const word = text.trim()
    if (word === '' || busy) return
    setBusy(true)
    const applied = await commands.steer(word, runId)
    setBusy(false)
    if (!applied) return
    setText('')
  }
  return (
    <form
      data-testid="steer"
      className="flex items-center gap-1 rounded-lg border border-line bg-canvas ps-2.5 focus-within:border-accent"
      onSubmit={(event) => {
        event.preventDefault()
        void tell()
      }}
    >
      <input
        value={text}
        dir="auto"
        maxLength={2_000}
        aria-label={strings.steerLabel}
        placeholder={strings.steerPlaceholder}
        onChange={(event) => {
          setText(event.target.value)
        }}
        className="h-9 min-w-0 flex-1 bg-transparent text-sm outline-none placeholder:text-faint"
      />
      <Button type="submit" variant="ghost" small disabled={busy || text.trim() === ''}>
        <CornerDownLeft className="size-3.5 rtl:-scale-x-100" /> {strings.steer}
      </Button>
    </form>
  )
}
