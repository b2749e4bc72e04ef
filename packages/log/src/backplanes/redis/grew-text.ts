import type { Hint } from '../../backplane.ts'
import type { StoredDraft, StoredEvent } from '../../log-driver.ts'

type Grew = Extract<Hint, { kind: 'grew' }>

/** Most characters of bodies that a hint carries; a longer append is told by its head alone. */
const MAX_LENGTH = 65_536

/**
 * A hint of growth as it is published from within the append: what comes before the place, and the events behind it,
 * line by line. A body that spans lines is left out; its readers look into the log.
 */
export function grewParts(
  { node, stream, generation }: { node: string; stream: string; generation: string },
  drafts: readonly StoredDraft[],
): { readonly before: string; readonly after: string } {
  const before = `grew ${node} ${stream} ${generation} `
  let length = 0
  for (const { body } of drafts) length += body.includes('\n') ? Infinity : body.length
  if (length > MAX_LENGTH) return { before, after: '' }
  return { before, after: drafts.map(({ type, body }) => `\n${type}\n${body}`).join('') }
}

/** Who published a message. */
export function senderOf(message: string): string {
  const from = message.indexOf(' ') + 1
  return message.slice(from, message.indexOf(' ', from))
}

/** Reads `grew <node> <stream> <generation> <base> <head>` and the events; `undefined` when it is none. */
export function parseGrew(message: string): Grew | undefined {
  const end = message.indexOf('\n')
  const [, , stream = '', generation = '', base = '', head = ''] = (
    end === -1 ? message : message.slice(0, end)
  ).split(' ')
  const offset = Number(head)
  if (!(offset > 0)) return undefined
  const hint: Grew = { kind: 'grew', stream, head: { epoch: base + generation, offset } }
  return end === -1 ? hint : { ...hint, events: eventsUpTo(offset, message.slice(end + 1).split('\n')) }
}

function eventsUpTo(head: number, lines: readonly string[]): StoredEvent[] {
  const events: StoredEvent[] = []
  const first = head - lines.length / 2 + 1
  for (let at = 0; at + 1 < lines.length; at += 2) {
    events.push({ offset: first + at / 2, type: lines[at] ?? '', body: lines[at + 1] ?? '' })
  }
  return events
}
