'use client'

import { Bookmark } from 'lucide-react'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useStrings } from '@/text/use-strings'
import { useAccount } from '../account'

/** Tells a guest who has something to lose how to keep it. */
export function GuestNote() {
  const strings = useStrings().account
  const { user } = useAccount()
  const path = usePathname()
  if (user?.guest !== true || path === '/account') return null
  return (
    <Link
      href="/account"
      className="mx-2.5 mb-2.5 flex items-start gap-2 rounded-lg bg-accent-soft px-3 py-2 text-[0.8125rem] leading-snug text-ink hover:underline"
    >
      <Bookmark aria-hidden className="mt-0.5 size-3.5 shrink-0 text-accent" />
      <span>{strings.guestNote}</span>
    </Link>
  )
}
