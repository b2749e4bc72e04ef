import { StreamError, type Position } from '@throughline/protocol'
import { randomToken } from '../rules/epoch.ts'
import { conflict, invalid, noSession, overloaded, sessionEnded } from '../rules/refusals.ts'
import type { RedisKeys } from './keys.ts'
import type { RedisLink, ScriptReply } from './link.ts'
import type { RedisScript } from './script.ts'
import { RESTART } from './scripts/removal.ts'

/** Letters of an epoch that are the stream's own; the generation of the server follows them. */
const BASE_LENGTH = 6

/** What the parts of a Redis driver share. */
export interface RedisContext {
  readonly link: RedisLink
  readonly keys: RedisKeys
  /** Where appends are told of; absent: nowhere. */
  readonly channel: string
  /** Who tells, so that a node knows its own hints. */
  readonly node: string
  /** Producers and ended runs are known for this long after their last use. */
  readonly keepIdsMs: number
  readonly tombstoneMs: number
  /** A script of one session; a stream whose events were lost begins another life first. @throws StreamError */
  session(script: RedisScript, name: string, args?: readonly string[]): Promise<ScriptReply>
  /** The same, and the caller judges what it answered. */
  ask(script: RedisScript, name: string, args?: readonly string[]): Promise<ScriptReply>
  epoch(base: string): string
  /** The stream's part of an epoch of now; `none` for an epoch of before. */
  base(epoch: string): string
  position(base: string | null | undefined, offset: string | null | undefined): Position
}

export type ContextOptions = Omit<RedisContext, 'session' | 'ask' | 'epoch' | 'base' | 'position'>

export function createContext(options: ContextOptions): RedisContext {
  const { link, keys } = options
  const epoch = (base: string): string => `${base}${link.generation}`

  const ask: RedisContext['ask'] = async (script, name, args) => {
    const { state, log, snapshot, ages } = keys.session(name)
    const slot = [state, log, snapshot, ages]
    const reply = await link.run(script, slot, args)
    if (reply[0] !== 'lost') return reply
    await link.run(RESTART, slot, [newBase()])
    return link.run(script, slot, args)
  }

  return {
    ...options,
    ask,
    epoch,
    base: (whole) => {
      const base = whole.slice(0, BASE_LENGTH)
      return whole === epoch(base) ? base : 'none'
    },
    position: (base, offset) => ({ epoch: epoch(base ?? ''), offset: Number(offset) }),
    async session(script, name, args) {
      const reply = await ask(script, name, args)
      requireDone(reply)
      return reply
    },
  }
}

export function newBase(): string {
  return randomToken(BASE_LENGTH)
}

/** Why an append or a lease is refused, by the word of the script. */
const CONFLICTS: Readonly<Record<string, string>> = {
  'no-run': 'There is no such run.',
  'run-ended': 'The run has ended.',
  'run-exists': 'A run of this name exists already.',
  'other-owner': 'The run has another owner: stop.',
  renewed: 'The lease was renewed: its owner is alive.',
  snapshot: 'The snapshot is not of this stream as it is now.',
}

/** Words that a caller goes on with. */
const OUTCOMES: ReadonlySet<string> = new Set(['ok', 'repeated', 'overlap', 'busy', 'free'])

/** @throws the refusal that a script answered with */
export function requireDone([word, detail]: ScriptReply): void {
  if (word !== undefined && word !== null && OUTCOMES.has(word)) return
  switch (word) {
    case 'none':
      throw noSession()
    case 'gone':
      throw sessionEnded()
    case 'conflict':
      throw conflict(CONFLICTS[detail ?? ''] ?? 'The state of things forbids it.')
    case 'gap':
      throw conflict(`Batches are missing before this one: send ${detail ?? ''} next.`)
    case 'invalid':
      throw invalid('Only events before the newest one can be removed.')
    case 'full':
      throw overloaded()
    case 'late':
      throw new StreamError('server_error', 'It took too long to reach Redis: try again.', {
        status: 503,
        retryAfterMs: 1_000,
      })
    default:
      throw new StreamError('server_error', 'Redis answered something unknown.')
  }
}
