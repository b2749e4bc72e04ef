import { EPHEMERAL_TYPES, checkProduceLine, type Draft } from '@throughline/protocol'
import { parseJson } from './body.ts'

/** Lines that are appended in one step: each is a batch of its own, numbered from `producerSeq` to `through`. */
export interface LineGroup {
  readonly drafts: Draft[]
  readonly producerSeq: number
  through: number
}

const MAX_LINES = 64
const MAX_BYTES = 262_144

/** Types that are judged, or sent on, by themselves. */
const ALONE: ReadonlySet<string> = new Set([...EPHEMERAL_TYPES, 'run_queued', 'run_started', 'run_completed'])

/**
 * Puts lines that came together into as few groups as can be: what would be refused of one line of a group would be of
 * all. @throws StreamError 400 for a line that is none, when those before it were given out
 */
export function* groupLines(lines: readonly Uint8Array[]): Generator<LineGroup, void, undefined> {
  let group: LineGroup | undefined
  let bytes = 0
  for (const line of lines) {
    let next: ReturnType<typeof checkProduceLine>
    try {
      next = checkProduceLine(parseJson(line))
    } catch (error) {
      if (group !== undefined) yield group
      throw error
    }
    const { producerSeq, ...draft } = next
    bytes += line.length
    if (group !== undefined && bytes <= MAX_BYTES && continues(group, draft, producerSeq)) {
      group.drafts.push(draft)
      group.through = producerSeq
      continue
    }
    if (group !== undefined) yield group
    group = { drafts: [draft], producerSeq, through: producerSeq }
    bytes = line.length
  }
  if (group !== undefined) yield group
}

function continues({ drafts, through }: LineGroup, draft: Draft, producerSeq: number): boolean {
  const [first] = drafts
  return (
    first !== undefined &&
    first.runId === draft.runId &&
    producerSeq === through + 1 &&
    drafts.length < MAX_LINES &&
    !ALONE.has(first.type) &&
    !ALONE.has(draft.type)
  )
}
