/** Streams written to at the same time. */
export const STREAMS = 1_000

/** What every candidate stores: 200 bytes of payload in an envelope. */
export const BODY = JSON.stringify({
  type: 'message_chunk',
  data: { messageId: 'message-0001', content: 'x'.repeat(120), isComplete: false },
  timestamp: 1_700_000_000_000,
  sessionId: 'session-0000',
})

/** One way to store events: it does its own group commit and acknowledges what is stored. */
export interface Candidate {
  readonly name: string
  append(stream: number): Promise<unknown>
  /** Appends `count` events to one stream in one step. */
  appendMany(stream: number, count: number): Promise<unknown>
  /** Reads every event of a stream, by pages of 1,000; returns how many there were. */
  readAll(stream: number): Promise<number>
  close(): Promise<void>
}

export interface CandidateOptions {
  readonly directory: string
  /** An acknowledged append survives power loss. */
  readonly sync: boolean
}

export type OpenCandidate = (options: CandidateOptions) => Promise<Candidate>

/** Numbers in `[0, 1)` that follow from the seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 0x1_0000_0000
  }
}

/** Collects what comes while `write` is busy and writes it together. */
export function groupCommit<T>(write: (items: T[]) => Promise<void>): (item: T) => Promise<void> {
  let waiting: { item: T; resolve: () => void; reject: (error: unknown) => void }[] = []
  let busy = false
  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        await write(batch.map(({ item }) => item))
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    busy = false
  }
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (busy) return
      busy = true
      setImmediate(() => void run())
    })
}
