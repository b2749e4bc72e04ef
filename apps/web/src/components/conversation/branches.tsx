'use client'

import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useStrings } from '@/text/use-strings'
import { Button } from '../ui/button'

export interface BranchesProps {
  readonly messageId: string
  readonly siblings: readonly string[]
  readonly onSelect: (messageId: string) => void
}

/** Which version of a message is shown, where there are several. */
export function Branches({ messageId, siblings, onSelect }: BranchesProps) {
  const strings = useStrings()
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
    <span
      role="group"
      aria-label={strings.versionOf(at + 1, siblings.length)}
      className="inline-flex items-center text-xs text-faint tabular-nums"
    >
      {step(-1, strings.previousVersion, ChevronLeft)}
      <span aria-hidden>
        {at + 1}/{siblings.length}
      </span>
      {step(1, strings.nextVersion, ChevronRight)}
    </span>
  )
}
