import type { Envelope } from '@throughline/protocol'
import { reader } from '../reading/load-reader.ts'
import type { Activity } from '../session/snapshot.ts'

/** Signs of life that are not renewed lapse after this. PROTOCOL.md §2. */
const LAPSE_MS = 10_000

/** A sign of activity and when it lapses, ms. */
export interface TimedActivity extends Activity {
  readonly lapsesAt: number
}

/** Who is typing or thinking after this event. The same list when nothing changed. */
export function reduceActivity(
  list: readonly TimedActivity[],
  envelope: Envelope,
  now: number,
): readonly TimedActivity[] {
  if (envelope.type === 'run_completed')
    return without(list, ({ runId }) => runId === (envelope.runId ?? null))
  const isTyping = reader.isEvent(envelope, 'typing_indicator')
  if (!isTyping && !reader.isEvent(envelope, 'thinking_status')) return list
  const { data } = envelope
  const kind = isTyping ? 'typing' : 'thinking'
  const agentId = data.agentId ?? envelope.agentId ?? null
  const others = without(list, (other) => other.kind === kind && other.agentId === agentId)
  const goesOn = 'isTyping' in data ? data.isTyping : data.isThinking
  if (!goesOn) return others
  const label = 'status' in data ? (data.status ?? null) : null
  return [...others, { kind, agentId, runId: envelope.runId ?? null, label, lapsesAt: now + LAPSE_MS }]
}

/** What has not lapsed. The same list when nothing has. */
export function lapse(list: readonly TimedActivity[], now: number): readonly TimedActivity[] {
  return without(list, ({ lapsesAt }) => lapsesAt <= now)
}

function without(
  list: readonly TimedActivity[],
  isOut: (activity: TimedActivity) => boolean,
): readonly TimedActivity[] {
  return list.some(isOut) ? list.filter((activity) => !isOut(activity)) : list
}
