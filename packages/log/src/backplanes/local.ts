import type { Backplane, Hint } from '../backplane.ts'

/** Hints within one process: delivered at once, in order, to every subscriber. */
export function createLocalBackplane(): Backplane {
  const listeners = new Set<(hint: Hint) => void>()

  return {
    name: 'local',
    publish(hint) {
      for (const listener of [...listeners]) deliver(listener, hint)
    },
    subscribe(onHint) {
      // A wrapper of its own, so that subscribing the same function twice is two subscriptions.
      const listener = (hint: Hint): void => {
        onHint(hint)
      }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    close() {
      listeners.clear()
      return Promise.resolve()
    },
  }
}

/** One listener's fault must neither reach the publisher, whose append has succeeded, nor be swallowed. */
function deliver(listener: (hint: Hint) => void, hint: Hint): void {
  try {
    listener(hint)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}
