import type { ReactNode } from 'react'
import { classNames } from './class-names'

export interface MessageProps {
  readonly from: 'user' | 'assistant'
  readonly label: string
  readonly children: ReactNode
  readonly actions?: ReactNode
  readonly testId?: string
}

/** One turn: a person's in a bubble at the end, a team's across the column. */
export function Message({ from, label, children, actions, testId }: MessageProps) {
  const mine = from === 'user'
  return (
    <article
      aria-label={label}
      data-testid={testId}
      className={classNames(
        'group flex flex-col [content-visibility:auto] [contain-intrinsic-size:auto_8rem]',
        mine ? 'items-end' : 'items-stretch',
      )}
    >
      <div
        className={classNames(
          mine
            ? 'max-w-[85%] rounded-2xl rounded-ee-md bg-accent-soft px-4 py-2.5 whitespace-pre-wrap text-ink [overflow-wrap:anywhere]'
            : 'w-full',
        )}
      >
        {children}
      </div>
      {actions}
    </article>
  )
}
