import type { ComponentProps } from 'react'
import { classNames } from './class-names'

type Variant = 'primary' | 'secondary' | 'ghost' | 'danger'

const VARIANTS: Record<Variant, string> = {
  primary: 'bg-accent text-accent-ink hover:brightness-110',
  secondary: 'border border-line bg-raised text-ink hover:bg-surface',
  ghost: 'text-soft hover:bg-surface hover:text-ink',
  danger: 'border border-line bg-raised text-bad hover:bg-bad-soft',
}

export interface ButtonProps extends ComponentProps<'button'> {
  readonly variant?: Variant
  /** Square, for one icon; give it an `aria-label`. */
  readonly icon?: boolean
  readonly small?: boolean
  readonly round?: boolean
}

/** A button; of type `button` unless said otherwise. */
export function Button({
  variant = 'secondary',
  icon = false,
  small = false,
  round = false,
  className,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={classNames(
        'inline-flex shrink-0 items-center justify-center gap-1.5 font-medium transition disabled:opacity-45',
        round ? 'rounded-full' : 'rounded-lg',
        small ? 'h-8 text-[0.8125rem]' : 'h-9 text-sm',
        icon ? (small ? 'w-8' : 'w-9') : small ? 'px-2.5' : 'px-3.5',
        VARIANTS[variant],
        className,
      )}
    />
  )
}
