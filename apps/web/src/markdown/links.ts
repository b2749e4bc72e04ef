const SAFE = new Set(['http:', 'https:', 'mailto:'])

/** The link when a click on it is harmless; `undefined` for scripts, data, files and relative places. */
export function safeLink(href: string): string | undefined {
  try {
    const url = new URL(href)
    return SAFE.has(url.protocol) ? url.href : undefined
  } catch {
    return undefined
  }
}
