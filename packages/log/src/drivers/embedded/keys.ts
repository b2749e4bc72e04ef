/**
 * Layout of the store, format 4. Every key is text; names are `[A-Za-z0-9_-]`, so `!`, which sorts before all of
 * them, separates. Offsets, times and counts are decimal of fixed width: keys sort as numbers do.
 *
 * | key | value | |
 * |---|---|---|
 * | `format` | the version of this layout | alone without a checksum, readable by every version |
 * | `generation` | `{id}` | part of every epoch (PROTOCOL.md §10) |
 * | `base` | number of a commit | those up to it may be missing from the ring: a repair said so |
 * | `probe` | – | written to see whether writing works |
 * | `c!SLOT` | number of a commit | the last 131,072 commits in a ring: a lost one leaves a hole |
 * | `e!STREAM!OFFSET` | events of one append, and which producer's batch ends with them | OFFSET is of the last |
 * | `s!STREAM` | `{seed, first, head, session}` or `{deleted, userId}` | `head` is a floor: the truth is the last event |
 * | `p!STREAM!PRODUCER` | `{producerSeq, offset}` | as of the stream's record: later events say where producers are since |
 * | `x!STREAM` | snapshot | |
 * | `q!STREAM!RUN` | `{lease, order}` | runs queued and leased, all loaded at open |
 * | `r!STREAM!RUN` | lease | runs that ended |
 * | `u!USER!TIME!SESSION` | session | a user's sessions, newest first: TIME counts down; USER in base64url |
 * | `d!TIME!SESSION` | session | deleted sessions that can be restored |
 * | `g!KIND!STREAM!OFFSET` | – | what is still to be swept away after a trim or a delete |
 */
export const FORMAT = 4

export const FORMAT_KEY = 'format'
export const GENERATION_KEY = 'generation'
export const PROBE_KEY = 'probe'
export const BASE_KEY = 'base'

/** Commits that leave a trace: more than two write buffers of the smallest commits. */
export const COMMIT_RING = 131_072

const WIDTH = 16
/** Beyond any time, and still exact as a number. */
const MAX_TIME = 10 ** 15 - 1

/** Keys from `gte` up to, and without, `lt`. */
export interface KeyRange {
  readonly gte: string
  readonly lt: string
}

/** What a number of so many digits lacks: `padStart` makes it anew for every event. */
const ZEROS = Array.from({ length: WIDTH }, (_, digits) => '0'.repeat(WIDTH - digits))

function fixed(value: number): string {
  const digits = String(value)
  return `${ZEROS[digits.length] ?? ''}${digits}`
}

function fixedTime(time: number): string {
  return fixed(Math.trunc(Math.max(0, Math.min(time, MAX_TIME))))
}

/** All keys that begin with `prefix` and `!`: `"` is the character after it. */
export function under(prefix: string): KeyRange {
  return { gte: `${prefix}!`, lt: `${prefix}"` }
}

export function commitKey(commit: number): string {
  return `c!${String(commit % COMMIT_RING).padStart(6, '0')}`
}

/** Of the group that ends with this event. */
export function eventKey(stream: string, offset: number): string {
  return `e!${stream}!${fixed(offset)}`
}

/** Groups with events after `after`, up to the one that ends at `upTo`. */
export function eventRange(stream: string, after: number, upTo: number): KeyRange {
  return { gte: eventKey(stream, after + 1), lt: eventKey(stream, upTo + 1) }
}

export function streamKey(stream: string): string {
  return `s!${stream}`
}

export function producerKey(stream: string, producerId: string): string {
  return `p!${stream}!${producerId}`
}

export function snapshotKey(stream: string): string {
  return `x!${stream}`
}

export function activeRunKey(stream: string, runId: string): string {
  return `q!${stream}!${runId}`
}

export function endedRunKey(stream: string, runId: string): string {
  return `r!${stream}!${runId}`
}

function userPart(userId: string): string {
  return Buffer.from(userId).toString('base64url')
}

/** Where a session stands in its user's list. */
export function listKey(userId: string, updatedAt: number, id: string): string {
  return `u!${userPart(userId)}!${fixedTime(MAX_TIME - updatedAt)}!${id}`
}

/** A user's list, or what comes after a place in it. */
export function listRange(userId: string, after?: { updatedAt: number; id: string }): KeyRange {
  const range = under(`u!${userPart(userId)}`)
  // A space sorts before everything that a name may hold: the first key after this one.
  return after === undefined ? range : { ...range, gte: `${listKey(userId, after.updatedAt, after.id)} ` }
}

export function deletedKey(deletedAt: number, id: string): string {
  return `d!${fixedTime(deletedAt)}!${id}`
}

/** Sessions deleted before `time`. */
export function deletedRange(time: number): KeyRange {
  return { gte: 'd!', lt: `d!${fixedTime(time)}` }
}

/** Something to sweep away: of a whole stream, or events before an offset. */
export interface Garbage {
  readonly stream: string
  readonly before?: number
}

export function garbageKey({ stream, before }: Garbage): string {
  return before === undefined ? `g!delete!${stream}!` : `g!trim!${stream}!${fixed(before)}`
}

/** Reads a key that `garbageKey` made. */
export function parseGarbageKey(key: string): Garbage {
  const [, kind, stream = '', before] = key.split('!')
  return kind === 'trim' ? { stream, before: Number(before) } : { stream }
}

/** The ranges that hold what `garbage` names. */
export function garbageRanges({ stream, before }: Garbage): KeyRange[] {
  if (before !== undefined) return [eventRange(stream, 0, before - 1)]
  const snapshot = snapshotKey(stream)
  return [
    ...['e', 'p', 'q', 'r'].map((kind) => under(`${kind}!${stream}`)),
    { gte: snapshot, lt: `${snapshot} ` },
  ]
}
