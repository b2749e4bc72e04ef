/** A piece of a line of code and what kind of word it is. */
export interface CodeToken {
  readonly text: string
  /** A class of `globals.css`; none for plain text. */
  readonly className: string | undefined
}

/** Code by lines. */
export type CodeLines = readonly (readonly CodeToken[])[]

/** What the worker is asked, and what it answers. */
export interface HighlightOrder {
  readonly id: number
  readonly code: string
  readonly language: string
}
export interface HighlightAnswer {
  readonly id: number
  readonly lines: CodeLines | undefined
}

/** Longer code stays plain: its words would be more elements than a page takes in one go. */
const MAX_LENGTH = 20_000

type Settle = (lines: CodeLines | undefined) => void

let worker: Worker | undefined
let lastId = 0
const waiting = new Map<number, Settle>()

/** Colours code away from the page's own thread; `undefined` for a language it does not know, and where it cannot. */
export function highlight(code: string, language: string): Promise<CodeLines | undefined> {
  if (language === '' || code.length > MAX_LENGTH) return Promise.resolve(undefined)
  return new Promise((resolve) => {
    const id = (lastId += 1)
    waiting.set(id, resolve)
    try {
      worker ??= startWorker()
      worker.postMessage({ id, code, language } satisfies HighlightOrder)
    } catch {
      giveUp()
    }
  })
}

function startWorker(): Worker {
  const started = new Worker(new URL('./highlight-worker.ts', import.meta.url), { type: 'module' })
  started.onmessage = ({ data: { id, lines } }: MessageEvent<HighlightAnswer>) => {
    waiting.get(id)?.(lines)
    waiting.delete(id)
  }
  started.onerror = giveUp
  return started
}

/** The worker could not be had: what waits stays plain, and the next code asks for it again. */
function giveUp(): void {
  worker?.terminate()
  worker = undefined
  for (const settle of waiting.values()) settle(undefined)
  waiting.clear()
}
