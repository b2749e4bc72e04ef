/** Keys of one session: one hash slot, so that one script changes all of them in one step. */
export interface SessionKeys {
  /**
   * Hash with everything of the session but its events. `b` base of the epoch, `f` first offset, `h` head, `g` holes of
   * compaction; the record:
   * `u` user, `t` title, `n` renamed, `a` archived, `c` created, `m` updated, `d` deleted; `q` runs that wait or work,
   * oldest first; `r:<run>` what was asked, `l:<run>` phase, fence, end of lease and owner; `p:<producer>` number and
   * offset of its last batch. Once the session is deleted: `x`, its user, alone and for a while.
   */
  readonly state: string
  /** Stream of the events: entry `<offset>-0` has `t`, the type, and `b`, the body. */
  readonly log: string
  /** Hash of the newest snapshot: offset `o`, reducer version `v`, state `s`. */
  readonly snapshot: string
  /** Sorted set of producers and ended runs by the time of their last use: what is forgotten first. */
  readonly ages: string
}

/**
 * Every key of a log, all below one prefix. Only the state hash and the stream of a session are the truth; what lies in
 * other slots — lists, queue, leases, deletions — are indexes: written before the truth, checked against it at each
 * use, and harmless when they say too much.
 */
export interface RedisKeys {
  session(name: string): SessionKeys
  /** Sorted set: sessions of a user by negated time of update. */
  sessionsOf(userId: string): string
  /** Sorted set: runs (`<session> <run>`) by their place in the queue, and the place given last. */
  readonly queue: { readonly runs: string; readonly last: string; readonly leases: string }
  /** Sorted set: sessions by the time of their deletion; hash: when each was noted. */
  readonly deleted: { readonly sessions: string; readonly notedAt: string }
  /** Hash: which server was seen last, and the token that is part of every epoch; none in a cluster. */
  readonly generation: string
  /** Channel of the hints. */
  readonly channel: string
  /** Hash: open connections of a user, by node. */
  connectionsOf(userId: string): string
  /** Hash: open connections from an address, by node. */
  connectionsFrom(address: string): string
  /** Hash: calls that a caller has left. */
  rateOf(kind: string, caller: string): string
}

/** The layout under a prefix without braces. */
export function redisKeys(prefix: string): RedisKeys {
  const user = (userId: string): string => `${prefix}:{u:${named(userId)}}`
  return {
    session(name) {
      const session = `${prefix}:{s:${name}}`
      return {
        state: `${session}:state`,
        log: `${session}:log`,
        snapshot: `${session}:snapshot`,
        ages: `${session}:ages`,
      }
    },
    sessionsOf: (userId) => `${user(userId)}:sessions`,
    queue: {
      runs: `${prefix}:{queue}:runs`,
      last: `${prefix}:{queue}:last`,
      leases: `${prefix}:{queue}:leases`,
    },
    deleted: { sessions: `${prefix}:{deleted}:sessions`, notedAt: `${prefix}:{deleted}:noted-at` },
    generation: `${prefix}:{generation}`,
    channel: `${prefix}:hints`,
    connectionsOf: (userId) => `${user(userId)}:connections`,
    connectionsFrom: (address) => `${prefix}:{a:${named(address)}}:connections`,
    rateOf: (kind, caller) => `${prefix}:{rate:${kind}:${named(caller)}}`,
  }
}

/** Any name as a part of a key: without braces, which would decide the slot. */
function named(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}
