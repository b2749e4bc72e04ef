/**
 * The title of a session until it is given one: the first line of its first message, at most 80 characters.
 *
 * Characters are code points: none is cut in half. Empty when the message is blank.
 */
export function sessionTitle(content: string): string {
  const line = /^\s*(.{0,80})/u.exec(content)?.[1] ?? ''
  return line.trimEnd()
}
