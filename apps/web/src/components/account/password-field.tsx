'use client'

import { Eye, EyeOff } from 'lucide-react'
import { useState } from 'react'
import { useStrings } from '@/text/use-strings'
import { Field } from '../ui/field'

export interface PasswordFieldProps {
  readonly label?: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** Whether a password manager fills one in or makes one up. */
  readonly kind: 'current' | 'new'
  readonly autoFocus?: boolean
}

/** A password, hidden until asked to be shown. */
export function PasswordField({ label, value, onChange, kind, autoFocus }: PasswordFieldProps) {
  const strings = useStrings().account
  const [shown, setShown] = useState(false)
  const Icon = shown ? EyeOff : Eye
  return (
    <Field
      label={label ?? strings.password}
      type={shown ? 'text' : 'password'}
      value={value}
      required
      maxLength={1_024}
      dir="ltr"
      autoComplete={kind === 'new' ? 'new-password' : 'current-password'}
      {...(autoFocus === true && { autoFocus })}
      hint={kind === 'new' ? strings.passwordHint : undefined}
      onChange={(event) => {
        onChange(event.target.value)
      }}
      end={
        <button
          type="button"
          aria-label={shown ? strings.hidePassword : strings.showPassword}
          aria-pressed={shown}
          onClick={() => {
            setShown(!shown)
          }}
          className="me-1 rounded-md p-2 text-faint hover:text-ink"
        >
          <Icon className="size-4" />
        </button>
      }
    />
  )
}
