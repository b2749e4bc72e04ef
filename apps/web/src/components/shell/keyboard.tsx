'use client'

import { lazy, Suspense, useEffect, useState } from 'react'
import { useRouter } from 'next/navigation'
import { actionOf } from './key-bindings'

const CommandPalette = lazy(() => import('./command-palette'))
const ShortcutsSheet = lazy(() => import('./shortcuts-sheet'))

/** The keys that work everywhere, and what they open. */
export function Keyboard() {
  const [open, setOpen] = useState<'palette' | 'shortcuts'>()
  const router = useRouter()
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return
      const action = actionOf(event, isWriting(event.target))
      if (action === undefined) return
      event.preventDefault()
      if (action === 'palette' || action === 'shortcuts')
        setOpen((now) => (now === action ? undefined : action))
      if (action === 'new') router.push('/')
      if (action === 'library') router.push('/library')
      if (action === 'prompt') document.getElementById('prompt')?.focus()
    }
    addEventListener('keydown', onKeyDown)
    return () => {
      removeEventListener('keydown', onKeyDown)
    }
  }, [router])
  const close = () => {
    setOpen(undefined)
  }
  return (
    <Suspense>
      {open === 'palette' && (
        <CommandPalette
          onClose={close}
          onShortcuts={() => {
            setOpen('shortcuts')
          }}
        />
      )}
      {open === 'shortcuts' && <ShortcutsSheet onClose={close} />}
    </Suspense>
  )
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}
