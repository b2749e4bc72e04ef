'use client'

import { PanelLeft } from 'lucide-react'
import { usePathname } from 'next/navigation'
import { useRef, useState } from 'react'
import { useStrings } from '@/text/use-strings'
import { Button } from '../ui/button'
import { useLater } from '../ui/use-later'

/** Fetches what the button opens. */
export const loadDrawer = () => import('./drawer')

/** The list of conversations on a phone. Its key is the page's path: going somewhere closes it. */
export function NavigationDrawer() {
  return <DrawerButton key={usePathname()} />
}

function DrawerButton() {
  const strings = useStrings()
  const button = useRef<HTMLButtonElement>(null)
  // Once it was open it stays, closed: so it can be seen to go.
  const [open, setOpen] = useState<boolean>()
  const drawer = useLater(loadDrawer, open !== undefined)
  return (
    <>
      <Button
        ref={button}
        variant="ghost"
        icon
        aria-label={strings.openMenu}
        aria-haspopup="dialog"
        aria-expanded={open === true}
        onClick={() => {
          setOpen(true)
        }}
      >
        <PanelLeft className="size-5 rtl:-scale-x-100" />
      </Button>
      {drawer !== undefined && <drawer.Drawer open={open === true} onOpen={setOpen} button={button} />}
    </>
  )
}
