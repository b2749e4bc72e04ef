'use client'

import { Dialog } from '@base-ui/react/dialog'
import { PanelLeft } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { strings } from '@/text/strings'
import { SessionList } from '../session-list'
import { Button } from '../ui/button'

/** The list of conversations on a phone. Its key is the page's path: going somewhere closes it. */
export function NavigationDrawer() {
  return <Drawer key={usePathname()} />
}

function Drawer() {
  return (
    <Dialog.Root>
      <Dialog.Trigger render={<Button variant="ghost" icon aria-label={strings.openMenu} />}>
        <PanelLeft className="size-5 rtl:-scale-x-100" />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/40 transition-opacity data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Dialog.Popup className="drawer fixed inset-y-0 start-0 z-50 flex w-[min(19rem,85vw)] bg-surface shadow-xl outline-none">
          <Dialog.Title className="sr-only">{strings.sessions}</Dialog.Title>
          <SessionList />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
