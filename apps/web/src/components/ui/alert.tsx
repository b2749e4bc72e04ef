import type { ReactNode } from 'react'
import { classNames } from './class-names'

const TONES = {
  info: 'border-line bg-surface text-soft',
  warn: 'border-transparent bg-warn-soft text-warn',
  bad: 'border-transparent bg-bad-soft text-bad',
} as const

export interface AlertProps {
  readonly tone?: keyof typeof TONES
  readonly icon?: ReactNode
  readonly action?: ReactNode
  readonly children: ReactNode
  /** Interrupts a screen reader: only for what needs an action now. */
  readonly urgent?: boolean
}

/** Something to know or to do, in place. */
export function Alert({ tone = 'info', icon, action, children, urgent = false }: AlertProps) {
  return (
    <div
      role={urgent ? 'alert' : undefined}
      className={classNames('flex items-center gap-2.5 rounded-lg border px-3 py-2 text-sm', TONES[tone])}
    >
      {icon}
      <div className="min-w-0 flex-1">{children}</div>
      {action}
    </div>
  )
}
