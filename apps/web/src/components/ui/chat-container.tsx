'use client'

import { createContext, use, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { classNames } from './class-names'

interface ChatScroll {
  readonly atBottom: boolean
  toBottom(): void
}

const ScrollContext = createContext<ChatScroll>({ atBottom: true, toBottom: () => undefined })

/** Whether the reader is at the end of the transcript, and how to go there. */
export const useChatScroll = (): ChatScroll => use(ScrollContext)

/** How near the end counts as being there, in pixels. */
const NEAR = 48

export interface ChatContainerProps {
  readonly label: string
  readonly children: ReactNode
  /** Stands below the transcript, over its end: the scroll button. */
  readonly overlay?: ReactNode
  readonly className?: string
}

/** The transcript: follows its growing end only while the reader is there. */
export function ChatContainer({ label, children, overlay, className }: ChatContainerProps) {
  const viewport = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const following = useRef(true)
  const [atBottom, setAtBottom] = useState(true)

  const toBottom = useCallback(() => {
    const element = viewport.current
    if (element === null) return
    following.current = true
    element.scrollTo({ top: element.scrollHeight, behavior: 'auto' })
  }, [])

  useEffect(() => {
    if (content.current === null) return
    const observer = new ResizeObserver(() => {
      if (following.current) toBottom()
    })
    observer.observe(content.current)
    return () => {
      observer.disconnect()
    }
  }, [toBottom])

  const onScroll = useCallback(() => {
    const element = viewport.current
    if (element === null) return
    const near = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR
    following.current = near
    setAtBottom(near)
  }, [])

  const scroll = useMemo(() => ({ atBottom, toBottom }), [atBottom, toBottom])
  return (
    <ScrollContext value={scroll}>
      <div className={classNames('relative min-h-0 flex-1', className)}>
        <div
          ref={viewport}
          onScroll={onScroll}
          className="h-full overflow-y-auto overscroll-contain [scrollbar-gutter:stable_both-edges]"
        >
          <div ref={content} role="log" aria-live="off" aria-label={label} tabIndex={-1}>
            {children}
          </div>
        </div>
        {overlay}
      </div>
    </ScrollContext>
  )
}
