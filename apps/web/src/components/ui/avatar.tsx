import type { ReactNode } from 'react'
import { classNames } from './class-names'

/** A small round picture of who speaks: an icon or initials. Decorative: the name stands beside it. */
export function Avatar({ children, active = false }: { children: ReactNode; active?: boolean }) {
  return (
    <span
      aria-hidden
      className={classNames(
        'inline-grid size-7 shrink-0 place-items-center rounded-full border text-xs font-semibold',
        active ? 'border-accent bg-accent-soft text-accent' : 'border-line bg-surface text-soft',
      )}
    >
      {children}
    </span>
  )
}
