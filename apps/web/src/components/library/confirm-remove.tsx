'use client'

import { AlertDialog } from '@base-ui/react/alert-dialog'
import { useLibraryStrings } from '@/text/library-strings'
import { useStrings } from '@/text/use-strings'
import { Button } from '../ui/button'

export interface ConfirmRemoveProps {
  readonly title: string
  readonly onRemove: () => void
  readonly onClose: () => void
}

/** A document and its passages cannot be brought back, so it is asked first. */
export function ConfirmRemove({ title, onRemove, onClose }: ConfirmRemoveProps) {
  const strings = useStrings()
  const text = useLibraryStrings()
  return (
    <AlertDialog.Root
      defaultOpen
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
    >
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-black/40" />
        <AlertDialog.Popup className="pop fixed inset-x-0 top-[25dvh] z-50 mx-auto w-[min(26rem,calc(100vw-2rem))] rounded-2xl border border-line bg-raised p-5 shadow-2xl outline-none">
          <AlertDialog.Title className="font-semibold">{text.removeTitle}</AlertDialog.Title>
          <AlertDialog.Description className="mt-2 text-sm leading-relaxed text-soft">
            {text.removeText(title)}
          </AlertDialog.Description>
          <div className="mt-5 flex justify-end gap-2">
            <AlertDialog.Close render={<Button />}>{strings.cancel}</AlertDialog.Close>
            <Button variant="danger" onClick={onRemove}>
              {text.removeNow}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  )
}
