import { createHash } from 'node:crypto'

/** A Lua script that Redis runs as one atomic step. */
export interface RedisScript {
  readonly name: string
  readonly text: string
  /** By which Redis knows it once it has seen it. */
  readonly sha: string
}

/**
 * What a script may do. `write`: refused as a whole when memory is full, before anything was changed. `free`: changes
 * that only make room, or that end something. `read`: changes nothing.
 */
export type ScriptKind = 'write' | 'free' | 'read'

const FLAGS: Readonly<Record<ScriptKind, string>> = {
  write: '#!lua',
  free: '#!lua flags=allow-oom',
  read: '#!lua flags=no-writes',
}

/** Defines a script; the flags, new in Redis 7, are why older servers are refused. */
export function defineScript(name: string, kind: ScriptKind, body: string): RedisScript {
  const text = `${FLAGS[kind]}\n${body.trim()}\n`
  return { name, text, sha: createHash('sha1').update(text).digest('hex') }
}
