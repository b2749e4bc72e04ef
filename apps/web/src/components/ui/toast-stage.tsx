'use client'

import { Toast } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useStrings } from '@/text/use-strings'
import { MAX_TOASTS, type ToastQueue } from './toast-queue'

/** Where toasts stand: over the page, told to a screen reader. */
export function ToastStage({ queue }: { queue: ToastQueue }) {
  const [manager] = useState(() => Toast.createToastManager())
  useEffect(() => queue.attach(manager), [queue, manager])
  return (
    <Toast.Provider limit={MAX_TOASTS} toastManager={manager}>
      <Toast.Portal>
        <Toast.Viewport className="fixed inset-x-4 top-28 z-50 flex flex-col gap-2 sm:start-auto sm:end-4 sm:w-88">
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  )
}

function ToastList() {
  const strings = useStrings()
  const { toasts } = Toast.useToastManager()
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      className="flex items-start gap-3 rounded-xl border border-line bg-raised p-3.5 shadow-lg transition data-[ending-style]:opacity-0 data-[starting-style]:-translate-y-2 data-[starting-style]:opacity-0"
    >
      <div className="min-w-0 flex-1">
        <Toast.Title className="text-sm font-medium" />
        <Toast.Description className="mt-0.5 line-clamp-2 text-sm text-soft" />
        <Toast.Action className="mt-2 text-sm font-medium text-accent underline underline-offset-3" />
      </div>
      <Toast.Close aria-label={strings.close} className="rounded p-0.5 text-faint hover:text-ink">
        <X className="size-4" />
      </Toast.Close>
    </Toast.Root>
  ))
}
