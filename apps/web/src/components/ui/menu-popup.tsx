'use client'

import { useEffect, useEffectEvent, useLayoutEffect, useRef } from 'react'
import type { FocusEvent, KeyboardEvent, PointerEvent, ReactNode, RefObject } from 'react'

/** Which item has the focus at first: with a pointer none has. */
export type MenuOpening = 'none' | 'first' | 'last'

/** Where a menu stands beside its button, while there is room. */
export interface MenuPlace {
  /** Which edges are one below the other. Default `end`. */
  readonly align: 'start' | 'end'
  /** Default `bottom`. */
  readonly side: 'top' | 'bottom'
}

export interface MenuPopupProps extends MenuPlace {
  readonly id: string
  readonly button: RefObject<HTMLButtonElement | null>
  readonly opening: MenuOpening
  readonly children: ReactNode
  /** It is over; the focus is elsewhere already. */
  readonly onClose: () => void
  /** It is over, and the button gets the focus. */
  readonly onGiveBack: () => void
}

/** What a menu shows while it is open: over everything, its items reached by arrow keys or by their first letter. */
export function MenuPopup(props: MenuPopupProps) {
  const { id, button, opening, align, side, children, onClose, onGiveBack } = props
  const popup = useRef<HTMLDivElement>(null)
  const closing = useEffectEvent(onClose)

  useLayoutEffect(() => {
    const element = popup.current
    if (element === null) return
    element.showPopover()
    return () => {
      element.hidePopover()
    }
  }, [])
  useLayoutEffect(() => {
    const position = () => {
      if (popup.current !== null && button.current !== null)
        place(popup.current, button.current, { align, side })
    }
    position()
    addEventListener('resize', position)
    addEventListener('scroll', position, true)
    return () => {
      removeEventListener('resize', position)
      removeEventListener('scroll', position, true)
    }
  }, [button, align, side])
  useLayoutEffect(() => {
    const items = itemsOf(popup.current)
    const focused = opening === 'none' ? popup.current : items.at(opening === 'first' ? 0 : -1)
    focused?.focus()
  }, [opening])
  useEffect(() => {
    const onPointerDown = ({ target }: Event) => {
      const within = [popup.current, button.current].some((part) => part?.contains(target as Node) === true)
      if (!within) closing()
    }
    document.addEventListener('pointerdown', onPointerDown, true)
    return () => {
      document.removeEventListener('pointerdown', onPointerDown, true)
    }
  }, [button])

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    // From its button Tab goes on to where it would have gone.
    if (event.key === 'Tab') onGiveBack()
    if (event.key === 'Tab' || event.ctrlKey || event.metaKey || event.altKey) return
    // No key of what stands below works meanwhile.
    event.stopPropagation()
    const items = itemsOf(event.currentTarget)
    const focused = items.find((item) => item === document.activeElement)
    if (event.key === 'Escape') onGiveBack()
    else if (event.key === ' ' && focused instanceof HTMLAnchorElement) focused.click()
    else if (event.key === 'Enter' || event.key === ' ') return
    else nextItem(items, event.key)?.focus()
    event.preventDefault()
  }
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent<HTMLElement>) => {
    if (relatedTarget === null || relatedTarget === button.current) return
    if (!currentTarget.contains(relatedTarget)) onClose()
  }
  return (
    <div
      ref={popup}
      id={id}
      role="menu"
      popover="manual"
      tabIndex={-1}
      aria-label={button.current?.getAttribute('aria-label') ?? undefined}
      onKeyDown={onKeyDown}
      onBlur={onBlur}
      onPointerMove={focusPointed}
      className="pop fixed inset-auto m-0 min-w-40 rounded-xl border border-line bg-raised p-1 text-ink shadow-lg outline-none"
    >
      {children}
    </div>
  )
}

function itemsOf(popup: HTMLElement | null): readonly HTMLElement[] {
  return [...(popup?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
}

function nextItem(items: readonly HTMLElement[], key: string): HTMLElement | undefined {
  const at = items.findIndex((item) => item === document.activeElement)
  if (key === 'Home') return items[0]
  if (key === 'End') return items.at(-1)
  if (key === 'ArrowDown') return items[(at + 1) % items.length]
  if (key === 'ArrowUp') return items.at(at < 0 ? -1 : at - 1)
  const letter = key.toLowerCase()
  return [...items.slice(at + 1), ...items].find(
    ({ textContent }) => key.length === 1 && textContent.trim().toLowerCase().startsWith(letter),
  )
}

function focusPointed({ target }: PointerEvent<HTMLElement>): void {
  const item = target instanceof Element ? target.closest<HTMLElement>('[role=menuitem]') : null
  if (item !== document.activeElement) item?.focus({ preventScroll: true })
}

/** Between it and its button, and between it and the window's edges, in pixels. */
const GAP = 4

function place(popup: HTMLElement, button: HTMLElement, { align, side }: MenuPlace): void {
  const at = button.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = popup
  const rightToLeft = getComputedStyle(button).direction === 'rtl'
  const left = (align === 'start') === rightToLeft ? at.right - width : at.left
  const above = at.top - GAP - height
  const below = at.bottom + GAP
  const fits = side === 'top' ? above >= GAP : below + height + GAP <= innerHeight
  const top = (side === 'top') === fits ? above : below
  popup.style.left = `${String(within(left, innerWidth - width))}px`
  popup.style.top = `${String(within(top, innerHeight - height))}px`
}

function within(wanted: number, room: number): number {
  return Math.max(GAP, Math.min(wanted, room - GAP))
}
