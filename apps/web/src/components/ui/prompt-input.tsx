'use client'

import { ArrowUp, Square } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent, type ReactNode, type SyntheticEvent } from 'react'
import { useStrings } from '@/text/use-strings'
import { Button } from './button'

export interface PromptInputProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onSubmit: () => void
  /** Present while there is something to stop. */
  readonly onStop?: (() => void) | undefined
  readonly disabled?: boolean
  readonly autoFocus?: boolean
  readonly label?: string
  readonly placeholder?: string
  /** What else can be said about the message; stands below the text, at its start. */
  readonly tools?: ReactNode
}

/** Nobody ends a composition and sends within this, ms. */
const SAME_KEY_MS = 50

/** Where a person writes. Enter sends, Shift+Enter breaks the line, and an IME's Enter only ends its composition. */
export function PromptInput(props: PromptInputProps) {
  const strings = useStrings()
  const { value, onChange, onSubmit, onStop, disabled = false, autoFocus = false, tools } = props
  const { label = strings.promptLabel, placeholder = strings.promptPlaceholder } = props
  const area = useRef<HTMLTextAreaElement>(null)
  const composedAt = useRef(-Infinity)
  const ready = value.trim().length > 0 && !disabled

  useEffect(() => {
    if (autoFocus && matchMedia('(pointer: fine)').matches) area.current?.focus()
  }, [autoFocus])

  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (ready) onSubmit()
    area.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // Safari tells the Enter that ends a composition right after it has ended.
    const composing = event.nativeEvent.isComposing || event.timeStamp - composedAt.current < SAME_KEY_MS
    if (event.key !== 'Enter' || event.shiftKey || composing) return
    event.preventDefault()
    if (ready) onSubmit()
  }

  return (
    <form
      onSubmit={submit}
      className="rounded-[1.35rem] border border-line bg-raised p-2 shadow-[0_2px_12px_-4px_rgb(0_0_0/0.08)] transition-[border-color] focus-within:border-accent"
    >
      <label className="sr-only" htmlFor="prompt">
        {label}
      </label>
      <textarea
        id="prompt"
        ref={area}
        rows={1}
        value={value}
        dir="auto"
        placeholder={placeholder}
        enterKeyHint="send"
        onChange={(event) => {
          onChange(event.target.value)
        }}
        onKeyDown={onKeyDown}
        onCompositionEnd={(event) => {
          composedAt.current = event.timeStamp
        }}
        className="block field-sizing-content max-h-56 min-h-9 w-full resize-none bg-transparent px-2.5 py-1.5 text-base outline-none placeholder:text-faint"
      />
      <div className="flex items-end gap-1.5 ps-1">
        <div className="flex min-w-0 flex-1 flex-wrap items-center gap-1">{tools}</div>
        {onStop !== undefined && (
          <Button
            variant="secondary"
            round
            icon
            aria-label={strings.stop}
            title={strings.stop}
            onClick={onStop}
          >
            <Square className="size-3.5 fill-current" />
          </Button>
        )}
        <Button
          type="submit"
          variant="primary"
          round
          icon
          aria-label={strings.send}
          title={strings.send}
          disabled={!ready}
        >
          <ArrowUp className="size-4.5" />
        </Button>
      </div>
    </form>
  )
}
