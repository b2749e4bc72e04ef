'use client'

import type { ReactNode } from 'react'
import { NavigationDrawer } from './navigation-drawer'

export interface ScreenHeaderProps {
  readonly title: ReactNode
  /** Whether there are conversations to go to. Default `true`. */
  readonly navigates?: boolean
  /** Buttons at the end. */
  readonly children?: ReactNode
}

/** The bar over a screen: on a phone with the way to the conversations. */
export function ScreenHeader({ title, navigates = true, children }: ScreenHeaderProps) {
  return (
    <header className="flex h-13 shrink-0 items-center gap-1.5 border-b border-line px-2 md:ps-5 md:pe-3">
      {navigates && (
        <div className="md:hidden">
          <NavigationDrawer />
        </div>
      )}
      <div className="min-w-0 flex-1">{title}</div>
      {children}
    </header>
  )
}
