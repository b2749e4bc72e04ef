import { fork, type ChildProcess } from 'node:child_process'
import { INTAKE_LIMITS, IntakeFault } from './intake-fault.ts'
import type { FileToRead, ReadText } from './read-file.ts'
import type { ReadReply } from './reader-messages.ts'

export interface FileReaderOptions {
  /** Time for one file, after which its process is killed. Default 120,000. */
  readonly limitMs?: number
  /** Memory of its process, beyond which it is killed. Default 768 MiB. */
  readonly memoryBytes?: number
  /** Told what a fault was about: for the operator's log. */
  readonly onFault?: (code: string, detail: string) => void
}

export interface ReadOptions {
  readonly signal: AbortSignal
  /** Told the share that was read, 0 to 1. */
  readonly onProgress: (share: number) => void
}

/** Reads files, one after the other, in a process that may die of them. */
export interface FileReader {
  /** @throws IntakeFault with the reason; the signal's reason when it was aborted */
  read(file: FileToRead, options: ReadOptions): Promise<ReadText>
  close(): void
}

/** Files after which the process is replaced, so that what leaks in a parser does not add up. */
const FILES_PER_PROCESS = 50
/** The process is let go when nothing came for so long. */
const IDLE_MS = 30_000

/** Starts no process before there is something to read. */
export function createFileReader({
  limitMs = INTAKE_LIMITS.timeMs,
  memoryBytes = INTAKE_LIMITS.memoryBytes,
  onFault = () => undefined,
}: FileReaderOptions = {}): FileReader {
  let child: ChildProcess | undefined
  let files = 0
  let sent = 0
  let idle: ReturnType<typeof setTimeout> | undefined

  const letGo = (): void => {
    clearTimeout(idle)
    child?.kill('SIGKILL')
    child = undefined
    files = 0
  }
  const process = (): ChildProcess => {
    clearTimeout(idle)
    if (files >= FILES_PER_PROCESS || child?.connected !== true) letGo()
    files += 1
    return (child ??= start(memoryBytes))
  }

  const read = (file: FileToRead, { signal, onProgress }: ReadOptions): Promise<ReadText> =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      const reader = process()
      const id = (sent += 1)
      const end = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
        reader.off('message', onMessage)
        reader.off('exit', onExit)
        reader.off('error', onExit)
      }
      const fault = (code: IntakeFault['code'], detail: string): void => {
        end()
        onFault(code, detail)
        reject(new IntakeFault(code))
      }
      const cut = (reject: () => void): void => {
        end()
        letGo()
        reject()
      }
      const onMessage = (reply: ReadReply): void => {
        if (reply.id !== id) return
        if (reply.kind === 'progress') onProgress(reply.share)
        else if (reply.kind === 'fault') fault(reply.code, reply.detail)
        else {
          end()
          resolve(reply.text)
        }
      }
      const onExit = (code: unknown, killed: unknown): void => {
        letGo()
        // Nobody but the process itself kills it without having taken off this listener: it took too much memory.
        const heap = code === 134 || killed === 'SIGABRT' || killed === 'SIGKILL'
        fault(heap ? 'too_large' : 'corrupt', `the reader ended: ${String(code)} ${String(killed)}`)
      }
      const onAbort = (): void => {
        cut(() =>
          reject(signal.reason instanceof Error ? signal.reason : new Error('The file was given up.')),
        )
      }
      const timer = setTimeout(() => {
        cut(() => {
          onFault('too_slow', '')
          reject(new IntakeFault('too_slow'))
        })
      }, limitMs)
      signal.addEventListener('abort', onAbort, { once: true })
      reader.on('message', onMessage)
      reader.once('exit', onExit)
      reader.once('error', onExit)
      reader.send({ id, file }, (error) => {
        if (error !== null) onExit(error.name, undefined)
      })
    })

  return {
    async read(file, options) {
      try {
        return await read(file, options)
      } finally {
        idle = setTimeout(letGo, IDLE_MS).unref()
      }
    },
    close: letGo,
  }
}

function start(memoryBytes: number): ChildProcess {
  const source = import.meta.url.endsWith('.ts')
  const entry = new URL(source ? './reader-process.ts' : './reader-process.js', import.meta.url)
  const child = fork(entry, [String(memoryBytes)], {
    // No secret of ours within reach of what reads other people's files.
    env: { NODE_ENV: 'production' },
    execArgv: [
      '--max-old-space-size=512',
      '--disable-warning=ExperimentalWarning',
      '--permission',
      '--allow-fs-read=*',
      '--allow-worker',
    ],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  child.unref()
  child.channel?.unref()
  return child
}
