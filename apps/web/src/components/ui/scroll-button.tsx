'use client'

import { ArrowDown } from 'lucide-react'
import { useStrings } from '@/text/use-strings'
import { useChatScroll } from './chat-container'

/** Takes a reader who scrolled away back to the end. Hidden while they are there. */
export function ScrollButton() {
  const strings = useStrings()
  const { atBottom, toBottom } = useChatScroll()
  if (atBottom) return null
  return (
    <button
      type="button"
      onClick={toBottom}
      className="absolute inset-x-0 bottom-3 mx-auto flex w-fit items-center gap-1.5 rounded-full border border-line bg-raised px-3.5 py-1.5 text-sm text-soft shadow-md hover:text-ink"
    >
      <ArrowDown className="size-4" /> {strings.jumpToLatest}
    </button>
  )
}
