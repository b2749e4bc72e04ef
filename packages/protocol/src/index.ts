export { checkEvent } from './check-event.ts'
export type { Checked } from './check-event.ts'
export {
  MAX_ATTACHMENTS,
  MAX_ATTACHMENT_TEXT_LENGTH,
  MAX_BATCH_EVENTS,
  MAX_CONTENT_LENGTH,
  MAX_TITLE_LENGTH,
  checkCreateSession,
  checkInputResolution,
  checkProduceBatch,
  checkProduceLine,
  checkRunOptions,
  checkSendMessage,
  checkSessionPatch,
} from './command-schema.ts'
export { foldConversation, initialConversation, isContiguous } from './conversation-fold.ts'
export type { EventRules } from './conversation-fold.ts'
export { EVENT_RULES, reduceConversation } from './conversation-reducer.ts'
export { SNAPSHOT_MIGRATIONS, parseSnapshot } from './conversation-snapshot.ts'
export type { SnapshotMigration } from './conversation-snapshot.ts'
export { REDUCER_VERSION, RUNLESS, SNAPSHOT_MESSAGES } from './conversation-state.ts'
export type {
  Agent,
  ConversationState,
  InputAnswer,
  Integrity,
  Message,
  MessageStatus,
  PendingInput,
  Run,
  RunFailure,
  RunStatus,
} from './conversation-state.ts'
export { windowConversation } from './conversation-window.ts'
export { MAX_CURSOR_LENGTH, formatCursor, parseCursor } from './cursor.ts'
export type { Cursor } from './cursor.ts'
export { MAX_DATA_DEPTH, checkDraft } from './draft-schema.ts'
export type { DraftLimits } from './draft-schema.ts'
export type { ControlEnvelope, Draft, Envelope, EventScope, KnownDraft, KnownEnvelope } from './envelope.ts'
export { canonicalType, isControlType, isEvent, isKnownEventType, parseEnvelope } from './event-schema.ts'
export type { TypedData } from './event-schema.ts'
export { CONTROL_TYPES, EPHEMERAL_TYPES, EVENT_TYPE_PATTERN, ID_PATTERN, SSEMessageType } from './events.ts'
export type {
  AgentStatus,
  Attachment,
  Citation,
  ControlData,
  ControlType,
  EphemeralType,
  EventData,
  KnownEventType,
  ResearchFinding,
  ResearchQuestion,
  ResetReason,
  RunEndStatus,
  RunKind,
  RunUsage,
} from './events.ts'
export type { Frame } from './frame.ts'
export type {
  ClaimedRun,
  CommandAccepted,
  CreateSession,
  InputResolution,
  MessagePage,
  Problem,
  ProduceBatch,
  ProduceLine,
  ProducedEvent,
  RunInput,
  RunOptions,
  SendMessage,
  SessionList,
  SessionPatch,
  SessionSummary,
  Updates,
  WhoAmI,
} from './http.ts'
export { samePosition } from './position.ts'
export type { Position } from './position.ts'
export { isPlain } from './shape.ts'
export { serializeSnapshot } from './serialize-snapshot.ts'
export { sessionTitle } from './session-title.ts'
export { MAX_SNAPSHOT_PART_BYTES, joinSnapshotParts, snapshotParts } from './snapshot-parts.ts'
export { MAX_EVENT_BYTES, MAX_FRAME_BYTES, createSseDecoder } from './sse-decode.ts'
export type { SseDecoder, SseDecoderOptions } from './sse-decode.ts'
export {
  commentFrame,
  controlFrame,
  encodeFrame,
  envelopeJson,
  eventFrame,
  retryFrame,
} from './sse-encode.ts'
export type { FrameFields } from './sse-encode.ts'
export { StreamError } from './stream-error.ts'
export type { StreamErrorOptions } from './stream-error.ts'
export { STREAM_ERROR_CODES, isStreamErrorCode } from './stream-error-code.ts'
export type { StreamErrorCode } from './stream-error-code.ts'
