'use client'

import Link from 'next/link'
import { cloneElement, createContext, use, useId, useRef, useState } from 'react'
import type { ComponentProps, ReactElement, ReactNode } from 'react'
import { classNames } from './class-names'
import { MenuPopup, type MenuOpening, type MenuPlace } from './menu-popup'

export interface MenuProps extends Partial<MenuPlace> {
  /** The button that opens it. */
  readonly trigger: ReactElement<ComponentProps<'button'> & { 'data-popup-open'?: '' | undefined }>
  readonly children: ReactNode
}

/** Closes the menu and puts the focus back on its button. */
const CloseContext = createContext<() => void>(() => undefined)

/** A list of actions behind a button. */
export function Menu({ trigger, children, align = 'end', side = 'bottom' }: MenuProps) {
  const [opening, setOpening] = useState<MenuOpening>()
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()
  const open = opening !== undefined
  const close = () => {
    setOpening(undefined)
  }
  const giveBack = () => {
    close()
    button.current?.focus()
  }
  return (
    <>
      {cloneElement(trigger, {
        ref: button,
        'aria-haspopup': 'menu',
        'aria-expanded': open,
        ...(open && { 'aria-controls': id, 'data-popup-open': '' }),
        onClick: ({ detail }) => {
          // A click of the keyboard has no count.
          setOpening(open ? undefined : detail === 0 ? 'first' : 'none')
        },
        onKeyDown: (event) => {
          if (open || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
          event.preventDefault()
          event.stopPropagation()
          setOpening(event.key === 'ArrowDown' ? 'first' : 'last')
        },
      })}
      {opening !== undefined && (
        <CloseContext value={giveBack}>
          <MenuPopup
            id={id}
            button={button}
            opening={opening}
            align={align}
            side={side}
            onClose={close}
            onGiveBack={giveBack}
          >
            {children}
          </MenuPopup>
        </CloseContext>
      )}
    </>
  )
}

const ITEM =
  'flex w-full cursor-default items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-start text-sm outline-none focus:bg-surface [&_svg]:size-4'

export interface MenuItemProps {
  readonly icon: ReactNode
  readonly onSelect: () => void
  readonly children: ReactNode
  readonly danger?: boolean
}

/** One action of a menu. */
export function MenuItem({ icon, onSelect, children, danger = false }: MenuItemProps) {
  const giveBack = use(CloseContext)
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      onClick={() => {
        giveBack()
        onSelect()
      }}
      className={classNames(ITEM, danger && 'text-bad')}
    >
      {icon}
      {children}
    </button>
  )
}

export interface MenuLinkProps {
  readonly icon: ReactNode
  readonly href: string
  readonly children: ReactNode
}

/** One place that a menu leads to. */
export function MenuLink({ icon, href, children }: MenuLinkProps) {
  return (
    <Link href={href} role="menuitem" tabIndex={-1} onClick={use(CloseContext)} className={ITEM}>
      {icon}
      {children}
    </Link>
  )
}
