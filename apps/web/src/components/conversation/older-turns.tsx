'use client'

import { useEffect, useRef } from 'react'
import { useStrings } from '@/text/use-strings'
import { Button } from '../ui/button'
import { useChatScroll } from '../ui/chat-container'

export interface OlderTurnsProps {
  /** Absent where there is no more to fetch. */
  readonly load: (() => void) | undefined
  /** The first message held: another one means that a page arrived. */
  readonly oldest: string | undefined
}

/** How far from the beginning older turns are fetched without being asked for. */
const AHEAD = '600px'

/**
 * The way back in a long conversation: by scrolling there, or by hand. It takes the same room when there is none: what
 * stands below does not move when the last page has come.
 */
export function OlderTurns({ load, oldest }: OlderTurnsProps) {
  const strings = useStrings()
  const { viewport, atBottom } = useChatScroll()
  const mark = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // A reader at the end has not asked for what is old.
    if (atBottom || mark.current === null || load === undefined) return
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting !== true) return
        observer.disconnect()
        load()
      },
      { root: viewport.current, rootMargin: AHEAD },
    )
    observer.observe(mark.current)
    return () => {
      observer.disconnect()
    }
  }, [load, oldest, atBottom, viewport])
  return (
    <div ref={mark} className="h-14 text-center">
      {load !== undefined && (
        <Button variant="ghost" small onClick={load}>
          {strings.showOlder}
        </Button>
      )}
    </div>
  )
}
