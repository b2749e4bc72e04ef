'use client'

import type { Message } from '@throughline/protocol'
import { Check, ChevronLeft, ChevronRight, Copy, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { strings } from '@/text/strings'
import { Button } from './ui/button'

export interface BranchesProps {
  readonly messageId: string
  readonly siblings: readonly string[]
  readonly onSelect: (messageId: string) => void
}

/** Which version of a message is shown, where there are several. */
export function Branches({ messageId, siblings, onSelect }: BranchesProps) {
  if (siblings.length < 2) return null
  const at = siblings.indexOf(messageId)
  const step = (by: number, label: string, Icon: typeof ChevronLeft) => {
    const target = siblings[at + by]
    return (
      <Button
        variant="ghost"
        icon
        small
        aria-label={label}
        disabled={target === undefined}
        onClick={() => {
          if (target !== undefined) onSelect(target)
        }}
      >
        <Icon className="size-4 rtl:-scale-x-100" />
      </Button>
    )
  }
  return (
    <span className="inline-flex items-center text-xs text-faint tabular-nums">
      {step(-1, strings.previousVersion, ChevronLeft)}
      <span aria-label={strings.versionOf(at + 1, siblings.length)}>
        {at + 1}/{siblings.length}
      </span>
      {step(1, strings.nextVersion, ChevronRight)}
    </span>
  )
}

export interface AnswerActionsProps extends BranchesProps {
  readonly message: Message
  readonly onRegenerate: () => void
}

/** What can be done with an answer that has ended. */
export function AnswerActions({ message, onRegenerate, ...branches }: AnswerActionsProps) {
  const [copied, setCopied] = useState(false)
  const copy = () => {
    navigator.clipboard.writeText(message.content).then(
      () => {
        setCopied(true)
      },
      () => {
        setCopied(false)
      },
    )
  }
  return (
    <div className="mt-1.5 -ms-2 flex items-center gap-0.5">
      <Button
        variant="ghost"
        small
        onClick={copy}
        onBlur={() => {
          setCopied(false)
        }}
        aria-label={copied ? strings.copied : strings.copy}
      >
        {copied ? <Check className="size-3.5" /> : <Copy className="size-3.5" />}
        {copied ? strings.copied : strings.copy}
      </Button>
      <Button variant="ghost" small onClick={onRegenerate}>
        <RotateCcw className="size-3.5" /> {strings.regenerate}
      </Button>
      <Branches {...branches} />
    </div>
  )
}
