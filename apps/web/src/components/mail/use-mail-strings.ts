'use client'

import { mail as english, type MailStrings } from '@/text/english/mail'
import { mail as german } from '@/text/german/mail'
import { useStrings } from '@/text/use-strings'

/** The sentences about mail in the page's language. */
export function useMailStrings(): MailStrings {
  return useStrings().locale === 'de' ? german : english
}
