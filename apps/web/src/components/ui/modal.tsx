'use client'

import { Dialog } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useStrings } from '@/text/use-strings'
import { classNames } from './class-names'

export interface ModalProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ReactNode
  /** The title is only for a screen reader. */
  readonly bare?: boolean
}

/** Something that is dealt with before anything else; it takes the focus and gives it back. */
export function Modal({ title, onClose, children, bare = false }: ModalProps) {
  const strings = useStrings()
  return (
    <Dialog.Root
      defaultOpen
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/40" />
        <Dialog.Popup className="pop fixed inset-x-0 top-[12dvh] z-50 mx-auto flex max-h-[76dvh] w-[min(40rem,calc(100vw-2rem))] flex-col overflow-hidden rounded-2xl border border-line bg-raised shadow-2xl outline-none">
          <div
            className={classNames('flex items-center border-b border-line py-2 ps-5 pe-2', bare && 'sr-only')}
          >
            <Dialog.Title className="flex-1 text-sm font-semibold">{title}</Dialog.Title>
            {!bare && (
              <Dialog.Close
                aria-label={strings.close}
                className="grid size-8 place-items-center rounded-lg text-faint hover:bg-surface hover:text-ink"
              >
                <X className="size-4.5" />
              </Dialog.Close>
            )}
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
