'use client'

import { Dialog } from '@base-ui/react/dialog'
import type { RefObject } from 'react'
import { useStrings } from '@/text/use-strings'
import { SessionList } from '../session-list'

export interface DrawerProps {
  readonly open: boolean
  readonly onOpen: (open: boolean) => void
  /** Gets the focus back. */
  readonly button: RefObject<HTMLButtonElement | null>
}

/** The list of conversations over the page's start. */
export function Drawer({ open, onOpen, button }: DrawerProps) {
  const strings = useStrings()
  return (
    <Dialog.Root open={open} onOpenChange={onOpen}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/40 transition-opacity data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Dialog.Popup
          finalFocus={button}
          className="drawer fixed inset-y-0 start-0 z-50 flex w-[min(19rem,85vw)] bg-surface shadow-xl outline-none"
        >
          <Dialog.Title className="sr-only">{strings.sessions}</Dialog.Title>
          <SessionList />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
