'use client'

import { ArrowUp, Square } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent, type SyntheticEvent } from 'react'
import { strings } from '@/text/strings'
import { Button } from './button'

export interface PromptInputProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onSubmit: () => void
  /** Present while there is something to stop. */
  readonly onStop?: (() => void) | undefined
  readonly disabled?: boolean
  readonly autoFocus?: boolean
}

/** Where a person writes. Enter sends, Shift+Enter breaks the line, and an IME's Enter only ends its composition. */
export function PromptInput({
  value,
  onChange,
  onSubmit,
  onStop,
  disabled = false,
  autoFocus = false,
}: PromptInputProps) {
  const area = useRef<HTMLTextAreaElement>(null)
  // Safari tells the Enter that ends a composition only after it has ended.
  const composed = useRef(false)
  const ready = value.trim().length > 0 && !disabled

  useEffect(() => {
    if (autoFocus && matchMedia('(pointer: fine)').matches) area.current?.focus()
  }, [autoFocus])

  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (ready) onSubmit()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const composing = event.nativeEvent.isComposing || composed.current
    if (event.key !== 'Enter' || event.shiftKey || composing) return
    event.preventDefault()
    if (ready) onSubmit()
  }

  return (
    <form
      onSubmit={submit}
      className="flex items-end gap-2 rounded-2xl border border-line bg-raised p-2 shadow-sm focus-within:border-accent"
    >
      <label className="sr-only" htmlFor="prompt">
        {strings.promptLabel}
      </label>
      <textarea
        id="prompt"
        ref={area}
        rows={1}
        value={value}
        dir="auto"
        placeholder={strings.promptPlaceholder}
        onChange={(event) => {
          onChange(event.target.value)
        }}
        onKeyDown={onKeyDown}
        onCompositionEnd={() => {
          composed.current = true
        }}
        onKeyUp={() => {
          composed.current = false
        }}
        className="field-sizing-content max-h-48 min-h-9 flex-1 resize-none bg-transparent px-2 py-1.5 text-base outline-none placeholder:text-faint"
      />
      {onStop !== undefined && (
        <Button variant="secondary" icon aria-label={strings.stop} title={strings.stop} onClick={onStop}>
          <Square className="size-3.5 fill-current" />
        </Button>
      )}
      <Button
        type="submit"
        variant="primary"
        icon
        aria-label={strings.send}
        title={strings.send}
        disabled={!ready}
      >
        <ArrowUp className="size-4.5" />
      </Button>
    </form>
  )
}
