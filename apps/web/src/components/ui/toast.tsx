'use client'

import type { Toast } from '@base-ui/react/toast'
import { createContext, use, useMemo, useState, type ReactNode } from 'react'
import { createToastQueue, type Toasts } from './toast-queue'
import { useLater } from './use-later'

/** What a toast says and offers. */
export type ToastOptions = Parameters<ReturnType<typeof Toast.useToastManager>['add']>[0]

/** Fetches what shows toasts; they wait for it. */
export const loadToastStage = () => import('./toast-stage')

const ToastContext = createContext<Toasts>({ add: () => '', close: () => undefined })

/** Puts toasts over the page; `useToast().add({ title, description })` shows one for five seconds. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [queue] = useState(createToastQueue)
  const [wanted, setWanted] = useState(false)
  const stage = useLater(loadToastStage, wanted)
  const toasts = useMemo<Toasts>(
    () => ({
      add(options) {
        setWanted(true)
        return queue.add(options)
      },
      close: queue.close,
    }),
    [queue],
  )
  return (
    <ToastContext value={toasts}>
      {children}
      {stage !== undefined && <stage.ToastStage queue={queue} />}
    </ToastContext>
  )
}

/** Shows and hides toasts. */
export const useToast = (): Toasts => use(ToastContext)
