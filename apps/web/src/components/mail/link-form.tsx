'use client'

import type { StreamError } from '@throughline/protocol'
import { useState, type SyntheticEvent } from 'react'
import { useMailStrings } from '@/text/mail-strings'
import { useStrings } from '@/text/use-strings'
import { PasswordField } from '../account/password-field'
import { Alert } from '../ui/alert'
import { Button } from '../ui/button'
import { Choice } from '../ui/field'
import { LinkPage, WayOn } from './link-page'
import { useLink } from './use-link'

export interface LinkFormProps {
  readonly route: string
  readonly title: string
  readonly text: string
  readonly label: string
  readonly kind: 'current' | 'new'
  readonly action: string
  /** What a refusal means here. */
  readonly explain?: (error: StreamError) => string | undefined
  /** What to do about a link that does not work. */
  readonly dead: { readonly text: string; readonly href: string; readonly label: string }
}

/** What a mailed link opens: a password to enter, and one button. */
export function LinkForm({ route, title, text, label, kind, action, explain, dead }: LinkFormProps) {
  const { account } = useStrings()
  const strings = useMailStrings()
  const [password, setPassword] = useState('')
  const [guestSessions, setGuestSessions] = useState<'move' | 'delete'>('move')
  const link = useLink(route, (error) => (error.status === 409 ? strings.guestSessions : explain?.(error)))
  if (!link.ready) return <LinkPage title={title}>{null}</LinkPage>
  if (link.dead) {
    return (
      <LinkPage title={strings.deadTitle}>
        <div role="alert" className="mt-2 space-y-2 text-sm leading-relaxed text-pretty text-soft">
          <p>{strings.dead}</p>
          <p>{dead.text}</p>
        </div>
        <WayOn href={dead.href}>{dead.label}</WayOn>
      </LinkPage>
    )
  }
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    void link.use(password, guestSessions)
  }
  return (
    <LinkPage title={title}>
      <p className="mt-1.5 text-sm leading-relaxed text-pretty text-soft">{text}</p>
      <form onSubmit={submit} className="mt-4 space-y-4">
        <PasswordField label={label} kind={kind} value={password} onChange={setPassword} autoFocus />
        {link.asksGuest && (
          <Choice
            legend={account.guestSessionsTitle}
            name="guest-sessions"
            value={guestSessions}
            onChoose={setGuestSessions}
            choices={[
              { value: 'move', label: account.guestSessionsMove },
              { value: 'delete', label: account.guestSessionsDelete },
            ]}
          />
        )}
        {link.problem !== undefined && (
          <Alert tone="bad" urgent>
            {link.problem}
          </Alert>
        )}
        <Button type="submit" variant="primary" className="w-full" disabled={link.busy}>
          {link.busy ? account.working : action}
        </Button>
      </form>
    </LinkPage>
  )
}
