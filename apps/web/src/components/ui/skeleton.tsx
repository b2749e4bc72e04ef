import { classNames } from './class-names'

const WIDTHS = ['w-full', 'w-11/12', 'w-4/5', 'w-full', 'w-2/3'] as const

export interface SkeletonProps {
  /** What is being waited for. */
  readonly label: string
  /** Default 4. */
  readonly lines?: number
  readonly className?: string
}

/** Where text will be. */
export function Skeleton({ label, lines = 4, className }: SkeletonProps) {
  return (
    <div aria-busy className={classNames('space-y-2.5', className)}>
      <span className="sr-only">{label}</span>
      {Array.from({ length: lines }, (_, index) => (
        <div
          key={index}
          className={classNames('h-4 animate-pulse rounded bg-surface', WIDTHS[index % WIDTHS.length])}
        />
      ))}
    </div>
  )
}
