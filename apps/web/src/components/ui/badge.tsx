import type { ReactNode } from 'react'
import { classNames } from './class-names'

export type BadgeTone = 'neutral' | 'accent' | 'good' | 'warn' | 'bad'

const TONES: Record<BadgeTone, string> = {
  neutral: 'bg-surface text-soft',
  accent: 'bg-accent-soft text-accent',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
}

/** A word about a thing's state. */
export function Badge({ tone = 'neutral', children }: { tone?: BadgeTone; children: ReactNode }) {
  return (
    <span
      className={classNames(
        'inline-flex items-center gap-1 rounded-full px-2 py-0.5 text-xs font-medium whitespace-nowrap',
        TONES[tone],
      )}
    >
      {children}
    </span>
  )
}
