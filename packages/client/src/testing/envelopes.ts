import { REDUCER_VERSION, formatCursor, initialConversation, serializeSnapshot } from '@throughline/protocol'
import type {
  ControlData,
  ConversationState,
  Envelope,
  EventData,
  KnownEventType,
} from '@throughline/protocol'

type Scope = Pick<Envelope, 'runId' | 'agentId' | 'messageId' | 'parentId' | 'prev'>

/** Makes the events of one session as its hub would write them. */
export interface EnvelopeMaker {
  /** The next stored event. */
  stored<T extends KnownEventType>(type: T, data: EventData[T], scope?: Scope): Envelope<T, EventData[T]>
  /** An event that is told and not stored. */
  told<T extends KnownEventType>(type: T, data: EventData[T], scope?: Scope): Envelope<T, EventData[T]>
  control<T extends keyof ControlData>(
    type: T,
    data: ControlData[T],
    id?: string,
  ): Envelope<T, ControlData[T]>
  caughtUp(): Envelope
  /** The snapshot of `state` at the head, in one part. Default: of nothing. */
  snapshot(state?: ConversationState): Envelope
  /** Cursor of the newest stored event. */
  readonly head: string
  epoch: string
  offset: number
}

/** A maker of a session's events. @param epoch default `epoch000` */
export function makeEnvelopes(sessionId: string, epoch = 'epoch000'): EnvelopeMaker {
  const maker: EnvelopeMaker = {
    epoch,
    offset: 0,
    get head() {
      return formatCursor({ epoch: maker.epoch, offset: maker.offset })
    },
    stored(type, data, scope = {}) {
      maker.offset++
      return { id: maker.head, type, data, timestamp: maker.offset, sessionId, ...scope }
    },
    told: (type, data, scope = {}) => ({ type, data, timestamp: maker.offset, sessionId, ...scope }),
    control: (type, data, id) => ({
      ...(id === undefined ? {} : { id }),
      type,
      data,
      timestamp: maker.offset,
      sessionId,
    }),
    caughtUp: () => maker.control('caught_up', { head: maker.head }),
    snapshot: (state = initialConversation(sessionId)) =>
      maker.control(
        'snapshot',
        { part: 1, parts: 1, reducerVersion: REDUCER_VERSION, state: serializeSnapshot(state) },
        maker.head,
      ),
  }
  return maker
}
