import { Progress as Base } from '@base-ui/react/progress'
import { classNames } from './class-names'

/** Work done, 0–100. */
export function Progress({ value, label, done = false }: { value: number; label: string; done?: boolean }) {
  return (
    <Base.Root value={value} aria-label={label}>
      <Base.Track className="h-1 overflow-hidden rounded-full bg-surface">
        <Base.Indicator
          className={classNames(
            'h-full rounded-full transition-[width] duration-300',
            done ? 'bg-good' : 'bg-accent',
          )}
        />
      </Base.Track>
    </Base.Root>
  )
}
