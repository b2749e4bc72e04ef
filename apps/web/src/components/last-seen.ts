/** What is asked of a browser's storage. */
export type SeenStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/** A run as far as its end goes. */
interface Ending {
  /** Of the server's clock; `null` while it goes on. */
  readonly endedAt: number | null
}

/** Up to which end of a run a reader has seen each conversation: what ended after that is news, whoever was away. */
export interface LastSeen {
  /** The reader asked here: the first end is news. */
  begin(sessionId: string): void
  /**
   * The reader looks. Answers with the run that ended last since they last did, once; with nothing where they never
   * looked before, for then everything is old.
   */
  look<T extends Ending>(sessionId: string, runs: readonly T[]): T | undefined
  /** The reader was told of everything until then, ms of the server's clock. */
  told(sessionId: string, at: number): void
  /** Forgets everything: somebody signed out. */
  forget(): void
}

const KEY = 'throughline.seen'
/** Conversations remembered, those looked at last. */
export const MAX_SEEN = 200

/** @param storage of the browser, so that it holds over a reload and for all tabs; it may throw */
export function createLastSeen(storage: () => SeenStorage): LastSeen {
  /** Where storage is off, it holds for the page. */
  let held: ReadonlyMap<string, number> = new Map()

  const read = (): ReadonlyMap<string, number> => {
    try {
      return parse(storage().getItem(KEY))
    } catch {
      return held
    }
  }
  const write = (sessionId: string, at: number): void => {
    const others = [...read()].filter(([id]) => id !== sessionId)
    held = new Map([...others, [sessionId, at] as const].slice(-MAX_SEEN))
    try {
      storage().setItem(KEY, JSON.stringify([...held]))
    } catch {
      // Storage is off or full.
    }
  }

  return {
    begin(sessionId) {
      if (!read().has(sessionId)) write(sessionId, 0)
    },
    look(sessionId, runs) {
      const before = read().get(sessionId)
      const last = runs.reduce<(typeof runs)[number] | undefined>(
        (latest, run) => ((run.endedAt ?? -1) > (latest?.endedAt ?? -1) ? run : latest),
        undefined,
      )
      const until = last?.endedAt ?? 0
      if (before !== undefined && until <= before) return undefined
      write(sessionId, until)
      return before === undefined ? undefined : last
    },
    told(sessionId, at) {
      if (at > (read().get(sessionId) ?? -1)) write(sessionId, at)
    },
    forget() {
      held = new Map()
      try {
        storage().removeItem(KEY)
      } catch {
        // Storage is off: there is nothing.
      }
    },
  }
}

/** Anything but what was written here counts as nothing. */
function parse(text: string | null): ReadonlyMap<string, number> {
  const pairs: unknown = JSON.parse(text ?? '[]')
  if (!Array.isArray(pairs)) return new Map()
  return new Map(pairs.filter(isPair))
}

function isPair(pair: unknown): pair is readonly [string, number] {
  return Array.isArray(pair) && typeof pair[0] === 'string' && typeof pair[1] === 'number'
}

/** This browser's reader. */
export const lastSeen = createLastSeen(() => localStorage)
