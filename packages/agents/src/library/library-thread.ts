import { Worker } from 'node:worker_threads'
import { StreamError } from '@throughline/protocol'
import type { CorpusProgress } from './document.ts'
import type { LibraryCalls, LibraryOperation, LibraryReply } from './library-calls.ts'

interface Pending {
  readonly settle: (reply: Exclude<LibraryReply, { kind: 'progress' }>) => void
  readonly fail: (error: StreamError) => void
  readonly onProgress: ((progress: CorpusProgress) => void) | undefined
}

interface CallOptions {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: CorpusProgress) => void) | undefined
}

/** The thread that owns the library's file. */
export interface LibraryThread {
  /** Rejects when the file cannot be opened. */
  readonly opened: Promise<null>
  call<Each extends LibraryOperation>(
    operation: Each,
    argument: LibraryCalls[Each]['request'],
    options?: CallOptions,
  ): Promise<LibraryCalls[Each]['response']>
  dispose(): Promise<void>
}

/** Starts the thread; at most `maxPending` requests wait for it at once. It keeps the process alive only while one does. */
export function createLibraryThread(path: string, maxPending: number): LibraryThread {
  const worker = new Worker(workerUrl(), {
    workerData: { path },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const pending = new Map<number, Pending>()
  let sent = 0
  let ended: StreamError | undefined
  let closing: Promise<void> | undefined

  const forget = (id: number): void => {
    pending.delete(id)
    if (pending.size === 0) worker.unref()
  }
  const wait = <T>(id: number, options: CallOptions): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      worker.ref()
      const onAbort = (): void => reject(reasonOf(options.signal))
      options.signal?.addEventListener('abort', onAbort, { once: true })
      const done = (): void => {
        options.signal?.removeEventListener('abort', onAbort)
        forget(id)
      }
      pending.set(id, {
        onProgress: options.onProgress,
        settle: (reply) => {
          done()
          // The worker answers each operation with the type that LibraryCalls gives for it.
          if (reply.kind === 'done') resolve(reply.value as T)
          else reject(refused(reply.refusal))
        },
        fail: (error) => {
          done()
          reject(error)
        },
      })
    })
  const end = (error: StreamError): void => {
    ended ??= error
    for (const waiting of [...pending.values()]) waiting.fail(ended)
  }
  const opened = wait<null>(0, {})
  worker.on('message', (reply: LibraryReply) => {
    const waiting = pending.get(reply.id)
    if (reply.kind === 'progress') waiting?.onProgress?.(reply.progress)
    else waiting?.settle(reply)
  })
  worker.on('error', (cause) => end(stopped(cause)))
  worker.on('exit', () => end(closing ? closed() : stopped(undefined)))

  const call: LibraryThread['call'] = async (operation, argument, options = {}) => {
    if (ended ?? closing) throw ended ?? closed()
    if (options.signal?.aborted === true) throw reasonOf(options.signal)
    if (pending.size >= maxPending) throw busy()
    const id = (sent += 1)
    const answer = wait<LibraryCalls[typeof operation]['response']>(id, options)
    worker.postMessage({ id, operation, argument })
    return answer
  }
  const close = async (): Promise<void> => {
    if (ended) return
    const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
    const id = (sent += 1)
    const answer = wait<null>(id, {})
    worker.postMessage({ id, operation: 'close', argument: null })
    await answer
    worker.ref()
    await exited
  }
  return { opened, call, dispose: () => (closing ??= close()) }
}

/** Beside this file: TypeScript when run from source, JavaScript when built. */
function workerUrl(): URL {
  return new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)
}

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason
  return reason instanceof Error ? reason : new Error('The search was aborted.', { cause: reason })
}

function refused({
  code,
  message,
  detail,
}: {
  code: StreamError['code']
  message: string
  detail: string
}): StreamError {
  return new StreamError(code, message, { cause: new Error(detail) })
}

function closed(): StreamError {
  return new StreamError('stream_closed', 'The document library is closed. Open it again.')
}

function stopped(cause: unknown): StreamError {
  return new StreamError('server_error', 'The document library stopped. Restart the server.', { cause })
}

function busy(): StreamError {
  return new StreamError('rate_limited', 'The document library is busy. Try again in a moment.', {
    retryAfterMs: 500,
  })
}
