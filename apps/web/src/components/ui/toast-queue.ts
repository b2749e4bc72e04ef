import type { ToastOptions } from './toast'

/** How many toasts are shown, or wait to be, at once. */
export const MAX_TOASTS = 3

/** Shows and hides toasts. */
export interface Toasts {
  /** @returns by what it is closed */
  add(options: ToastOptions): string
  close(id: string): void
}

/** Toasts, also before there is something to show them. */
export interface ToastQueue extends Toasts {
  /** Shows there what waits and what comes, until the function it returns is called. */
  attach(stage: Pick<Toasts, 'close'> & { add(options: ToastOptions): unknown }): () => void
}

/** Keeps the newest toasts until they can be shown. */
export function createToastQueue(): ToastQueue {
  let shown: Parameters<ToastQueue['attach']>[0] | undefined
  let waiting: readonly (ToastOptions & { readonly id: string })[] = []
  let count = 0
  return {
    add(options) {
      count += 1
      const toast = { ...options, id: `toast-${String(count)}` }
      if (shown === undefined) waiting = [...waiting, toast].slice(-MAX_TOASTS)
      else shown.add(toast)
      return toast.id
    },
    close(id) {
      waiting = waiting.filter((toast) => toast.id !== id)
      shown?.close(id)
    },
    attach(stage) {
      shown = stage
      for (const toast of waiting) stage.add(toast)
      waiting = []
      return () => {
        if (shown === stage) shown = undefined
      }
    },
  }
}
