'use client'

import { share as english, type ShareStrings } from './english/share.ts'
import type { Strings } from './english/index.ts'
import { share as german } from './german/share.ts'
import { useOneOf, useStrings } from './use-strings'

const SHARE = { en: english, de: german }

/** What is said there, and of accounts; every language of it comes with the piece. */
export function useShareStrings(): Strings['account'] & ShareStrings {
  return { ...useStrings().account, ...useOneOf(SHARE) }
}
