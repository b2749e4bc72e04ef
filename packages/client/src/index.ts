export type { BackoffOptions } from './connection/backoff.ts'
export type { LivenessOptions } from './connection/input.ts'
export type { ConnectionRole, ConnectionStatus, ConnectionView, PauseReason } from './connection/state.ts'
export type { Observer } from './client/observer.ts'
export type { Environment, EnvironmentEvent, Timer } from './environment.ts'
export type { Command, OutboxEntry, SendCommand } from './outbox/command.ts'
export type { AuthApi, ListSessions, SessionDetail, SessionsApi } from './rest/api.ts'
export type { Activity, ChatStatus, OutgoingMessage, SessionSnapshot } from './session/snapshot.ts'
export type {
  EventOf,
  EventsOptions,
  Readable,
  SendOptions,
  Session,
  SessionConnection,
  Unsubscribe,
} from './session/session.ts'
export type { Receipt } from './store/session-store.ts'
export { createStreamClient } from './stream-client.ts'
export type { StreamClient, StreamClientOptions } from './stream-client.ts'
export type { SessionCursor, Transport, TransportRequest } from './transports/transport.ts'
export { createEventSourceTransport } from './transports/event-source.ts'
export type {
  EventSourceConstructor,
  EventSourceEvent,
  EventSourceLike,
  EventSourceTransportOptions,
} from './transports/event-source.ts'
export { createSseTransport } from './transports/sse.ts'
export type { SseTransportOptions } from './transports/sse.ts'
export { defaultEnvironment } from './environment.ts'
