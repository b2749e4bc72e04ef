'use client'

import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useStrings } from '@/text/use-strings'
import { Button } from './button'

export interface CopyButtonProps {
  /** Read when it is pressed. */
  readonly text: string | (() => string)
  readonly label: string
}

/** Puts a text on the clipboard and says so until the pointer or the focus leaves. */
export function CopyButton({ text, label }: CopyButtonProps) {
  const strings = useStrings()
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : text())
      setState('copied')
    } catch {
      setState('failed')
    }
  }
  const reset = () => {
    setState('idle')
  }
  const shown = { idle: label, copied: strings.copied, failed: strings.copyFailed }[state]
  return (
    <Button variant="ghost" small onClick={() => void copy()} onBlur={reset} onPointerLeave={reset}>
      {state === 'copied' ? <Check className="size-3.5 text-good" /> : <Copy className="size-3.5" />}
      <span aria-live="polite">{shown}</span>
    </Button>
  )
}
