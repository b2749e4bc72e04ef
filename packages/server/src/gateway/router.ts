import { ID_PATTERN } from '@throughline/protocol'
import type { Method, Route } from './route.ts'

export type RouteMatch =
  | { readonly kind: 'found'; readonly route: Route; readonly params: Params }
  | { readonly kind: 'method'; readonly allow: readonly Method[] }
  | { readonly kind: 'none' }

export interface Router {
  match(method: string, path: string): RouteMatch
  /** Methods of the path, for a preflight. */
  methods(path: string): readonly Method[]
}

type Params = Readonly<Record<string, string>>

/** One segment of a pattern: text that must be there, or a name for what is. */
type Part = { readonly text: string } | { readonly name: string }

interface Entry {
  readonly route: Route
  readonly parts: readonly Part[]
}

/** A table of routes, looked through in order among those with as many path segments. */
export function createRouter(routes: readonly Route[]): Router {
  const byLength = new Map<number, Entry[]>()
  for (const route of routes) {
    const parts = route.pattern.split('/').map(toPart)
    const entries = byLength.get(parts.length) ?? []
    byLength.set(parts.length, [...entries, { route, parts }])
  }

  const methods = (path: string): readonly Method[] => {
    const parts = path.split('/')
    const found = (byLength.get(parts.length) ?? []).filter((entry) => matchParts(entry.parts, parts))
    return [...new Set(found.map(({ route }) => route.method))]
  }

  return {
    methods,
    match(method, path) {
      const parts = path.split('/')
      for (const { route, parts: pattern } of byLength.get(parts.length) ?? []) {
        const params = route.method === method ? matchParts(pattern, parts) : undefined
        if (params !== undefined) return { kind: 'found', route, params }
      }
      const allow = methods(path)
      return allow.length === 0 ? { kind: 'none' } : { kind: 'method', allow }
    },
  }
}

function toPart(text: string): Part {
  return text.startsWith(':') ? { name: text.slice(1) } : { text }
}

function matchParts(pattern: readonly Part[], parts: readonly string[]): Params | undefined {
  // Most patterns differ in a text: names are looked at when all of those are right.
  for (let index = 0; index < pattern.length; index++) {
    const part = pattern[index]
    if (part !== undefined && 'text' in part && part.text !== parts[index]) return undefined
  }
  const params: Record<string, string> = {}
  for (let index = 0; index < pattern.length; index++) {
    const part = pattern[index]
    if (part === undefined || 'text' in part) continue
    const value = decodePart(parts[index] ?? '')
    // Any text may stand for a session, whose name is judged later with an answer of its own; other names are ids.
    if (value === undefined || (part.name !== 'sessionId' && !ID_PATTERN.test(value))) return undefined
    params[part.name] = value
  }
  return params
}

function decodePart(part: string): string | undefined {
  if (!part.includes('%')) return part
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
