'use client'

import { mail as english, type MailStrings } from './english/mail.ts'
import { mail as german } from './german/mail.ts'
import { useOneOf } from './use-strings'

const MAIL = { en: english, de: german }

/** What is said where mail is configured; every language of it comes with the pages of links. */
export const useMailStrings = (): MailStrings => useOneOf(MAIL)
