const FENCE = /^\s*(?:>\s*)*(`{3,}|~{3,})/

/** The fence that is open after `line`, when `open` was before it; `undefined` outside of code. */
export function fenceAfter(open: string | undefined, line: string): string | undefined {
  const mark = FENCE.exec(line)?.[1]
  if (open === undefined) return mark
  return mark?.startsWith(open) === true ? undefined : open
}

/** The fence that a text leaves open. */
export function openFence(markdown: string): string | undefined {
  let open: string | undefined
  for (const line of markdown.split('\n')) open = fenceAfter(open, line)
  return open
}
