'use client'

import { useId, type ComponentProps, type ReactNode } from 'react'
import { classNames } from './class-names'

export interface FieldProps extends Omit<ComponentProps<'input'>, 'id'> {
  readonly label: string
  readonly hint?: string | undefined
  /** Stands in the field's end: a button. */
  readonly end?: ReactNode
}

/** One line to fill in, with its name above and a hint below. */
export function Field({ label, hint, end, className, ...rest }: FieldProps) {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      <div className="flex items-center rounded-lg border border-line bg-raised focus-within:border-accent focus-within:outline-2 focus-within:outline-accent">
        <input
          id={id}
          {...rest}
          {...(hint !== undefined && { 'aria-describedby': `${id}-hint` })}
          className="h-10 min-w-0 flex-1 rounded-lg bg-transparent px-3 text-base outline-none placeholder:text-faint sm:text-sm"
        />
        {end}
      </div>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="mt-1 text-xs text-faint">
          {hint}
        </p>
      )}
    </div>
  )
}

export interface ChoiceProps<T extends string> {
  readonly legend: string
  readonly name: string
  readonly value: T
  readonly choices: readonly { readonly value: T; readonly label: string; readonly lang?: string }[]
  readonly onChoose: (value: T) => void
  readonly inline?: boolean
}

/** One of a few. */
export function Choice<T extends string>(props: ChoiceProps<T>) {
  const { legend, name, value, choices, onChoose, inline = false } = props
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">{legend}</legend>
      <div className={classNames('flex', inline ? 'flex-wrap gap-x-5 gap-y-2' : 'flex-col gap-2')}>
        {choices.map((choice) => (
          <label key={choice.value} className="flex cursor-pointer items-start gap-2.5 text-sm">
            <input
              type="radio"
              name={name}
              checked={choice.value === value}
              onChange={() => {
                onChoose(choice.value)
              }}
              className="mt-0.5 size-4 accent-accent"
            />
            <span lang={choice.lang}>{choice.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
