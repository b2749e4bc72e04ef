'use client'

import { X } from 'lucide-react'
import { useEffect, useId, useRef, type ReactNode } from 'react'
import { useStrings } from '@/text/use-strings'
import { Button } from '../ui/button'
import { classNames } from '../ui/class-names'

export interface SidePanelProps {
  readonly title: string
  readonly subtitle?: ReactNode
  /** Stands beside the close button. */
  readonly actions?: ReactNode
  readonly onClose: () => void
  readonly children: ReactNode
  readonly testId?: string
  readonly wide?: boolean
}

/** What closes before a panel does; a toast, which is a dialog to a screen reader, is not among it. */
const OVER_IT = ':is([role=dialog], [role=alertdialog]):not([aria-modal=false]), [role=menu]'

/**
 * What stands beside a conversation on a wide screen and over it on a narrow one. It takes the focus when it opens,
 * gives it back when it closes, and leaves the conversation usable.
 */
export function SidePanel(props: SidePanelProps) {
  const strings = useStrings()
  const { title, subtitle, actions, onClose, children, testId, wide = false } = props
  const heading = useRef<HTMLHeadingElement>(null)
  const id = useId()

  useEffect(() => {
    const opener = document.activeElement
    heading.current?.focus({ preventScroll: true })
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus({ preventScroll: true })
    }
  }, [])

  // What had the focus may have gone with the view before.
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true })
  })

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector(OVER_IT) !== null) return
      event.preventDefault()
      onClose()
    }
    addEventListener('keydown', onKeyDown)
    return () => {
      removeEventListener('keydown', onKeyDown)
    }
  }, [onClose])

  return (
    <>
      <div aria-hidden onClick={onClose} className="fixed inset-0 z-30 bg-black/35 lg:hidden" />
      <aside
        aria-labelledby={id}
        data-testid={testId}
        className={classNames(
          'panel-in fixed inset-x-0 bottom-0 z-40 flex h-[82dvh] flex-col rounded-t-2xl border-t border-line bg-raised shadow-xl',
          'lg:static lg:z-auto lg:h-full lg:shrink-0 lg:rounded-none lg:border-t-0 lg:border-s lg:bg-canvas lg:shadow-none',
          wide ? 'lg:w-[34rem]' : 'lg:w-[25rem]',
        )}
      >
        <header className="flex min-h-13 items-center gap-2 border-b border-line py-2 ps-4 pe-2">
          <div className="min-w-0 flex-1">
            <h2
              id={id}
              ref={heading}
              tabIndex={-1}
              className="truncate text-sm font-semibold outline-none"
              dir="auto"
            >
              {title}
            </h2>
            {subtitle !== undefined && <div className="truncate text-xs text-faint">{subtitle}</div>}
          </div>
          {actions}
          <Button
            variant="ghost"
            icon
            small
            aria-label={strings.close}
            title={strings.close}
            onClick={onClose}
          >
            <X className="size-4.5" />
          </Button>
        </header>
        <div className="flex min-h-0 flex-1 flex-col">{children}</div>
      </aside>
    </>
  )
}
