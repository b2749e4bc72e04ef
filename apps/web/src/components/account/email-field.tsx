'use client'

import { useStrings } from '@/text/use-strings'
import { Field } from '../ui/field'

export interface EmailFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
}

/** An e-mail address, as password managers look for it. */
export function EmailField({ value, onChange }: EmailFieldProps) {
  return (
    <Field
      label={useStrings().account.email}
      type="email"
      name="email"
      required
      maxLength={254}
      dir="ltr"
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      value={value}
      onChange={(event) => {
        onChange(event.target.value)
      }}
    />
  )
}
