import { StreamError } from '@throughline/protocol'
import type { Sent, SendFileOptions } from './send-file.ts'

/** A file on its way to the library. */
export interface Upload {
  readonly id: number
  readonly name: string
  readonly bytes: number
  readonly state: 'waiting' | 'sending' | 'failed'
  /** Sent so far, 0–100. */
  readonly progress: number
  /** Why it was refused. */
  readonly error: StreamError | null
}

export interface UploadsOptions {
  readonly send: (file: File, options: SendFileOptions) => Promise<Sent>
  /** Renews the login; `false` when that does not work. */
  readonly refresh: () => Promise<boolean>
  readonly onSent: (sent: Sent, name: string) => void
}

/** Files on their way, a few at a time. What was refused stays until it is dismissed. */
export interface Uploads {
  getSnapshot(): readonly Upload[]
  subscribe(listener: () => void): () => void
  /** Takes as many as there is room for; gives back how many were left out. */
  add(files: readonly File[]): number
  /** Ends one that is on its way, or forgets one that was refused. */
  drop(id: number): void
}

const AT_ONCE = 2
/** Files that may wait. */
export const MAX_UPLOADS = 500

interface Entry {
  upload: Upload
  readonly file: File
  readonly control: AbortController
}

/** Sends files to the library, also while their screen is not shown. */
export function createUploads({ send, refresh, onSent }: UploadsOptions): Uploads {
  const listeners = new Set<() => void>()
  let entries: readonly Entry[] = []
  let shown: readonly Upload[] = []
  let last = 0

  const show = (next = entries): void => {
    entries = next
    shown = entries.map(({ upload }) => upload)
    for (const listener of [...listeners]) listener()
  }
  const change = (entry: Entry, upload: Partial<Upload>): void => {
    entry.upload = { ...entry.upload, ...upload }
    show()
  }
  const transfer = async (entry: Entry): Promise<void> => {
    const options: SendFileOptions = {
      signal: entry.control.signal,
      onProgress: (share) => {
        change(entry, { progress: Math.round(share * 100) })
      },
    }
    try {
      const sent = await send(entry.file, options).catch(async (error: unknown) => {
        const isOut = error instanceof StreamError && error.code === 'auth_error'
        if (!isOut || !(await refresh())) throw error
        return send(entry.file, options)
      })
      show(entries.filter((other) => other !== entry))
      onSent(sent, entry.upload.name)
    } catch (error) {
      change(entry, { state: 'failed', error: known(error) })
    }
    next()
  }
  const next = (): void => {
    const sending = entries.filter(({ upload }) => upload.state === 'sending').length
    const waiting = entries.filter(({ upload }) => upload.state === 'waiting')
    for (const entry of waiting.slice(0, Math.max(0, AT_ONCE - sending))) {
      change(entry, { state: 'sending' })
      void transfer(entry)
    }
  }

  return {
    getSnapshot: () => shown,
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    add(files) {
      const taken = files.slice(0, Math.max(0, MAX_UPLOADS - entries.length))
      show([...entries, ...taken.map((file) => newEntry(++last, file))])
      next()
      return files.length - taken.length
    },
    drop(id) {
      const entry = entries.find(({ upload }) => upload.id === id)
      if (entry === undefined) return
      show(entries.filter((other) => other !== entry))
      entry.control.abort()
    },
  }
}

function known(error: unknown): StreamError {
  if (error instanceof StreamError) return error
  return new StreamError('server_error', 'The file could not be sent.', { cause: error })
}

function newEntry(id: number, file: File): Entry {
  const upload: Upload = {
    id,
    name: file.name,
    bytes: file.size,
    state: 'waiting',
    progress: 0,
    error: null,
  }
  return { upload, file, control: new AbortController() }
}
