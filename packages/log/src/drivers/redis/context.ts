import { StreamError, type Position } from '@throughline/protocol'
import { randomToken } from '../rules/epoch.ts'
import { conflict, invalid, noSession, overloaded, sessionEnded } from '../rules/refusals.ts'
import type { RedisKeys } from './keys.ts'
import type { RedisLink } from './link.ts'
import type { RedisScript } from './script.ts'
import { RESTART } from './scripts/removal.ts'
import type { ScriptAnswer, ScriptArguments, ScriptReply } from './shard.ts'

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
  session(script: RedisScript, name: string, args?: SessionArguments): Promise<ScriptReply>
  /** The same where epochs are in it. */
  sessionIn(script: RedisScript, name: string, args?: SessionArguments): Promise<SessionAnswer>
  /** The same, and the caller judges what it answered. */
  ask(script: RedisScript, name: string, args?: SessionArguments): Promise<ScriptReply>
}

/** Fixed, or made for the generation of the server that has the session. */
export type SessionArguments = readonly string[] | ScriptArguments

export interface SessionAnswer {
  readonly reply: ScriptReply
  /** A position at the server that answered. */
  position(base: string | null | undefined, offset: string | null | undefined): Position
}

export type ContextOptions = Omit<RedisContext, 'session' | 'sessionIn' | 'ask'>

export function createContext(options: ContextOptions): RedisContext {
  const { link, keys } = options

  const askIn = async (
    script: RedisScript,
    name: string,
    args: SessionArguments = [],
  ): Promise<ScriptAnswer> => {
    const { state, log, snapshot, ages } = keys.session(name)
    const slot = [state, log, snapshot, ages]
    const argsOf = typeof args === 'function' ? args : () => args
    const answer = await link.runIn(script, slot, argsOf)
    if (answer.reply[0] !== 'lost') return answer
    await link.run(RESTART, slot, [newBase()])
    return link.runIn(script, slot, argsOf)
  }

  const sessionIn: RedisContext['sessionIn'] = async (script, name, args) => {
    const { reply, generation } = await askIn(script, name, args)
    requireDone(reply)
    return {
      reply,
      position: (base, offset) => ({ epoch: `${base ?? ''}${generation}`, offset: Number(offset) }),
    }
  }

  return {
    ...options,
    sessionIn,
    ask: async (...call) => (await askIn(...call)).reply,
    session: async (...call) => (await sessionIn(...call)).reply,
  }
}

/** The stream's part of an epoch of this generation; `none` for an epoch of another one. */
export function baseOf(epoch: string, generation: string): string {
  const base = epoch.slice(0, BASE_LENGTH)
  return epoch === `${base}${generation}` ? base : 'none'
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
