'use client'

import { Menu as Base } from '@base-ui/react/menu'
import type { ReactElement, ReactNode } from 'react'
import { classNames } from './class-names'

export interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement
  readonly children: ReactNode
  readonly align?: 'start' | 'end'
}

/** A list of actions behind a button. */
export function Menu({ trigger, children, align = 'end' }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="z-50" sideOffset={4} align={align}>
          <Base.Popup className="pop min-w-40 rounded-xl border border-line bg-raised p-1 shadow-lg outline-none">
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

export interface MenuItemProps {
  readonly icon: ReactNode
  readonly onSelect: () => void
  readonly children: ReactNode
  readonly danger?: boolean
}

/** One action of a menu. */
export function MenuItem({ icon, onSelect, children, danger = false }: MenuItemProps) {
  return (
    <Base.Item
      onClick={onSelect}
      className={classNames(
        'flex cursor-default items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-sm outline-none data-[highlighted]:bg-surface [&_svg]:size-4',
        danger && 'text-bad',
      )}
    >
      {icon}
      {children}
    </Base.Item>
  )
}
