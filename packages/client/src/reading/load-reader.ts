import { StreamError } from '@throughline/protocol'
import type * as Reader from './reader.ts'

/** What reads what a hub says. There once `loadReader` has resolved; nothing is received before that. */
export let reader: typeof Reader

let loading: Promise<typeof Reader> | undefined

/**
 * Loads the reader, unless it is there. A request needs nothing of it until it is answered, so it is loaded beside the first.
 *
 * What rejects is nobody's to handle but who awaits it; the next call tries again.
 * @throws StreamError `network_error` when it cannot be had
 */
export function loadReader(): Promise<typeof Reader> {
  loading ??= import('./reader.ts').then(
    (loaded) => (reader = loaded),
    (cause: unknown) => {
      loading = undefined
      throw new StreamError('network_error', 'A part of the page is missing: reload it.', { cause })
    },
  )
  loading.catch(() => undefined)
  return loading
}
