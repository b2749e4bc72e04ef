import type { ComponentProps } from 'react'
import { classNames } from './class-names'

/** A raised surface. */
export function Card({ className, ...rest }: ComponentProps<'section'>) {
  return <section {...rest} className={classNames('rounded-xl border border-line bg-raised', className)} />
}
