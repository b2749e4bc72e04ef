// Reads what a hub says: its refusals, its events and their data, its snapshots. Loaded by `loadReader` alone.
export {
  EVENT_RULES,
  isEvent,
  isKnownEventType,
  isStreamErrorCode,
  joinSnapshotParts,
  parseEnvelope,
  parseSnapshot,
} from '@throughline/protocol'
export { readRefusal } from '../rest/problem.ts'
