import { ID_PATTERN } from '@throughline/protocol'
import type { Method, Route } from './route.ts'

export type RouteMatch =
  | { readonly kind: 'found'; readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'method'; readonly allow: readonly Method[] }
  | { readonly kind: 'none' }

export interface Router {
  match(method: string, path: string): RouteMatch
  /** Methods of the path, for a preflight. */
  methods(path: string): readonly Method[]
}

interface Entry {
  readonly route: Route
  readonly parts: readonly string[]
}

/** A table of routes, looked through in order among those with as many path segments. */
export function createRouter(routes: readonly Route[]): Router {
  const byLength = new Map<number, Entry[]>()
  for (const route of routes) {
    const parts = route.pattern.split('/')
    const entries = byLength.get(parts.length) ?? []
    byLength.set(parts.length, [...entries, { route, parts }])
  }

  const matches = (path: string): { route: Route; params: Record<string, string> }[] => {
    const parts = path.split('/')
    return (byLength.get(parts.length) ?? []).flatMap(({ route, parts: pattern }) => {
      const params = matchParts(pattern, parts)
      return params === undefined ? [] : [{ route, params }]
    })
  }

  return {
    match(method, path) {
      const found = matches(path)
      const one = found.find(({ route }) => route.method === method)
      if (one !== undefined) return { kind: 'found', ...one }
      if (found.length === 0) return { kind: 'none' }
      return { kind: 'method', allow: [...new Set(found.map(({ route }) => route.method))] }
    },
    methods: (path) => [...new Set(matches(path).map(({ route }) => route.method))],
  }
}

function matchParts(
  pattern: readonly string[],
  parts: readonly string[],
): Record<string, string> | undefined {
  const params: Record<string, string> = {}
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? ''
    if (!expected.startsWith(':')) {
      if (part !== expected) return undefined
      continue
    }
    const name = expected.slice(1)
    const value = decodePart(part)
    // Any text may stand for a session, whose name is judged later with an answer of its own; other names are ids.
    if (value === undefined || (name !== 'sessionId' && !ID_PATTERN.test(value))) return undefined
    params[name] = value
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
