'use client'

import { MailCheck } from 'lucide-react'
import Link from 'next/link'
import { useEffect, useRef } from 'react'
import { useMailStrings } from '@/text/mail-strings'
import { Button } from '../ui/button'

/** Below a form to sign in with. */
export function ForgotLink({ refused }: { refused: boolean }) {
  const strings = useMailStrings()
  return (
    <>
      {refused && <p className="text-sm text-soft">{strings.unconfirmed}</p>}
      <p className="text-center text-sm">
        <Link href="/mail/forgot" className="rounded text-accent underline-offset-4 hover:underline">
          {strings.forgotLink}
        </Link>
      </p>
    </>
  )
}

export interface MailSentProps {
  readonly email: string
  readonly about: 'sign-up' | 'reset'
  /** Whether somebody has conversations to keep. */
  readonly guest?: boolean
  readonly onAgain: () => void
}

/** A mail is on its way, whoever the address belongs to. */
export function MailSent({ email, about, guest = false, onAgain }: MailSentProps) {
  const strings = useMailStrings()
  const title = useRef<HTMLHeadingElement>(null)
  // The form that had the focus is gone: who listens hears what has come in its place.
  useEffect(() => title.current?.focus(), [])
  return (
    <div className="space-y-3 text-sm leading-relaxed">
      <MailCheck aria-hidden className="size-7 text-accent" />
      <h3 ref={title} tabIndex={-1} className="text-base font-semibold outline-none">
        {strings.sentTitle}
      </h3>
      <p className="text-pretty break-words">{strings.sent(email)}</p>
      <p className="text-pretty text-soft">{about === 'reset' ? strings.forgotLife : strings.sentLife}</p>
      {guest && <p className="text-pretty text-soft">{strings.sentGuest}</p>}
      <p className="text-pretty text-faint">{strings.sentLate}</p>
      <Button variant="ghost" className="w-full" onClick={onAgain}>
        {strings.again}
      </Button>
    </div>
  )
}
