'use client'

import { createContext, use, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { ReactNode, RefObject } from 'react'
import { classNames } from './class-names'

interface ChatScroll {
  readonly atBottom: boolean
  /** The element that scrolls. */
  readonly viewport: RefObject<HTMLDivElement | null>
  toBottom(): void
}

const ScrollContext = createContext<ChatScroll>({
  atBottom: true,
  viewport: { current: null },
  toBottom: () => undefined,
})

/** Whether the reader is at the end of the transcript, and how to go there. */
export const useChatScroll = (): ChatScroll => use(ScrollContext)

/** How near the end counts as being there, in pixels. */
const NEAR = 48

/** Whether text in it is selected. */
function isMarked(element: Element): boolean {
  const selection = getSelection()
  return selection !== null && !selection.isCollapsed && element.contains(selection.anchorNode)
}

export interface ChatContainerProps {
  readonly label: string
  readonly children: ReactNode
  /** Stands below the transcript, over its end: the scroll button. */
  readonly overlay?: ReactNode
  /** Stands below what scrolls: the prompt. */
  readonly footer?: ReactNode
  readonly className?: string
}

/** The transcript: follows its growing end only while the reader is there. */
export function ChatContainer({ label, children, overlay, footer, className }: ChatContainerProps) {
  const viewport = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const following = useRef(true)
  const lastTop = useRef(0)
  const [atBottom, setAtBottom] = useState(true)

  const toBottom = useCallback(() => {
    const element = viewport.current
    if (element === null) return
    following.current = true
    if (isMarked(element)) getSelection()?.removeAllRanges()
    element.scrollTo({ top: element.scrollHeight, behavior: 'auto' })
    lastTop.current = element.scrollTop
    setAtBottom(true)
  }, [])

  useEffect(() => {
    const element = viewport.current
    if (content.current === null || element === null) return
    const observer = new ResizeObserver(() => {
      if (!following.current) return
      // What somebody is selecting does not run away from under their pointer.
      if (isMarked(element)) {
        following.current = false
        setAtBottom(false)
      } else toBottom()
    })
    observer.observe(content.current)
    observer.observe(element)
    return () => {
      observer.disconnect()
    }
  }, [toBottom])

  const onScroll = useCallback(() => {
    const element = viewport.current
    if (element === null) return
    const { scrollTop } = element
    const left = element.scrollHeight - scrollTop - element.clientHeight
    // Only a reader moves up: what grows under a reader at the end leaves the place where it was.
    const movedUp = scrollTop < lastTop.current - 1
    lastTop.current = scrollTop
    following.current = left < 2 || (!movedUp && (left < NEAR || following.current))
    setAtBottom(following.current)
  }, [])

  const scroll = useMemo(() => ({ atBottom, viewport, toBottom }), [atBottom, toBottom])
  return (
    <ScrollContext value={scroll}>
      <div className={classNames('relative min-h-0 flex-1', className)}>
        <div
          ref={viewport}
          onScroll={onScroll}
          className="h-full overflow-y-auto overscroll-contain [scrollbar-gutter:stable_both-edges]"
        >
          <div
            ref={content}
            role="log"
            aria-live="off"
            aria-label={label}
            tabIndex={-1}
            className="outline-none"
          >
            {children}
          </div>
        </div>
        {overlay}
      </div>
      {footer}
    </ScrollContext>
  )
}
