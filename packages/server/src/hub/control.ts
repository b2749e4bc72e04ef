import { controlFrame, type ControlData, type ControlType, type Cursor } from '@throughline/protocol'

export interface ControlScope {
  readonly sessionId: string
  readonly timestamp: number
  /** Only with the last part of a snapshot. */
  readonly id?: Cursor
}

const encoder = new TextEncoder()

/** A control event as bytes ready for a sink. */
export function encodeControl<T extends ControlType>(
  type: T,
  data: ControlData[T],
  { sessionId, timestamp, id }: ControlScope,
): Uint8Array {
  return encoder.encode(controlFrame({ type, data, timestamp, sessionId }, id))
}
