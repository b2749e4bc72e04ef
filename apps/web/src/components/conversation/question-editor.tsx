'use client'

import type { KeyboardEvent } from 'react'
import { useStrings } from '@/text/use-strings'
import { Button } from '../ui/button'

export interface QuestionEditorProps {
  /** As it was asked. */
  readonly content: string
  readonly text: string
  readonly autoFocus: boolean
  readonly onChange: (text: string) => void
  readonly onSave: () => void
  readonly onCancel: () => void
}

/** Asks a question differently; the earlier version stays as another branch. */
export function QuestionEditor(props: QuestionEditorProps) {
  const strings = useStrings()
  const { content, text, autoFocus, onChange, onSave, onCancel } = props
  const ready = text.trim() !== '' && text.trim() !== content.trim()

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') onCancel()
    if (event.key !== 'Enter' || event.shiftKey) return
    event.preventDefault()
    if (ready) onSave()
  }
  return (
    <form
      className="ms-auto w-full max-w-[85%] rounded-2xl border border-accent bg-raised p-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (ready) onSave()
      }}
    >
      <textarea
        autoFocus={autoFocus}
        aria-label={strings.editQuestion}
        value={text}
        dir="auto"
        rows={1}
        onFocus={(event) => {
          event.target.setSelectionRange(text.length, text.length)
        }}
        onChange={(event) => {
          onChange(event.target.value)
        }}
        onKeyDown={onKeyDown}
        className="block scroll-my-6 field-sizing-content max-h-72 w-full resize-none bg-transparent px-2 py-1.5 outline-none"
      />
      <div className="mt-1 flex flex-wrap items-center justify-end gap-1.5">
        <p className="me-auto ps-2 text-xs text-faint">{strings.editHint}</p>
        <Button small variant="ghost" onClick={onCancel}>
          {strings.cancel}
        </Button>
        <Button small variant="primary" type="submit" disabled={!ready}>
          {strings.askAgain}
        </Button>
      </div>
    </form>
  )
}
