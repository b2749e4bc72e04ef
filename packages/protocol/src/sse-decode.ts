import type { Frame } from './frame.ts'
import { StreamError } from './stream-error.ts'

/** Largest event that may be stored: bytes of its body. PROTOCOL.md §11. */
export const MAX_EVENT_BYTES = 1_048_576
/** Largest frame that a reader takes: the largest event with its `id`, `prev` and field names. */
export const MAX_FRAME_BYTES = MAX_EVENT_BYTES + 1024

export interface SseDecoderOptions {
  readonly onFrame: (frame: Frame) => void
  /** A `retry` field, in milliseconds. */
  readonly onRetry?: (ms: number) => void
  /** A comment line without its colon. */
  readonly onComment?: (text: string) => void
  /**
   * Bound of the data and the unfinished line held, in UTF-16 units: text has never more of them than bytes.
   * Default: `MAX_FRAME_BYTES`.
   */
  readonly maxEventBytes?: number
}

/** Decodes one stream. */
export interface SseDecoder {
  /**
   * Takes the next bytes, cut anywhere, and calls back before it returns; the bytes may be reused.
   * @throws StreamError `invalid_request` when a frame exceeds the limit: drop the decoder and its stream.
   */
  push(bytes: Uint8Array): void
  /** The stream ended: what is unfinished is dropped. */
  end(): void
  /** Last event id in force, as of the last finished block; `''` when none was ever set. */
  readonly lastEventId: string
}

/**
 * Decodes a `text/event-stream` to the letter: https://html.spec.whatwg.org/multipage/server-sent-events.html,
 * "Parsing an event stream" and "Interpreting an event stream", quoted below. Any split of the bytes gives the
 * same frames.
 */
export function createSseDecoder(options: SseDecoderOptions): SseDecoder {
  const { onFrame, onRetry, onComment, maxEventBytes = MAX_FRAME_BYTES } = options
  // [spec] "Streams must be decoded using the UTF-8 decode algorithm", which "strips one leading UTF-8 Byte Order
  // Mark (BOM), if any". This one keeps half a character until its other half comes.
  const utf8 = new TextDecoder()
  let rest = ''
  let afterCr = false
  let data: string | undefined
  let event = ''
  let idBuffer = ''
  let lastEventId = ''

  const forget = (): void => {
    data = undefined
    event = ''
  }

  const bound = (line: string): void => {
    if ((data?.length ?? 0) + line.length <= maxEventBytes) return
    throw new StreamError('invalid_request', `A frame exceeds ${String(maxEventBytes)} bytes`)
  }

  const dispatch = (): void => {
    // [spec] "Set the last event ID string of the event source to the value of the last event ID buffer. The
    // buffer does not get reset". This comes before the look at the data, so a block may set an id and no more.
    lastEventId = idBuffer
    const frame = data === undefined ? undefined : { event: event || 'message', data, id: lastEventId }
    forget()
    // [spec] "If the data buffer is an empty string, set the data buffer and the event type buffer to the empty
    // string and return." A `data` field without a value had put a LF there, so that one is dispatched.
    if (frame !== undefined) onFrame(frame)
  }

  const setField = (name: string, value: string): void => {
    // [spec] "Append the field value to the data buffer, then append a single U+000A LINE FEED (LF) character to
    // the data buffer." The dispatch takes the last one off again.
    if (name === 'data') data = data === undefined ? value : `${data}\n${value}`
    else if (name === 'event') event = value
    // [spec] "If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field
    // value. Otherwise, ignore the field."
    else if (name === 'id' && !value.includes('\0')) idBuffer = value
    // [spec] "If the field value consists of only ASCII digits, then interpret the field value as an integer in
    // base ten, and set the event stream's reconnection time to that integer. Otherwise, ignore the field."
    else if (name === 'retry' && /^[0-9]+$/.test(value)) onRetry?.(Number(value))
    // [spec] "Otherwise: The field is ignored."
  }

  const onLine = (line: string): void => {
    bound(line)
    // [spec] "If the line is empty (a blank line): Dispatch the event".
    if (line === '') return dispatch()
    // [spec] "If the line contains a U+003A COLON character (:): Collect the characters on the line before the
    // first U+003A COLON character (:), and let field be that string. Collect the characters on the line after
    // […], and let value be that string. If value starts with a U+0020 SPACE character, remove it from value."
    // "Otherwise, […] using the whole line as the field name, and the empty string as the field value."
    const colon = line.indexOf(':')
    const value = colon === -1 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1))
    // [spec] "If the line starts with a U+003A COLON character (:): Ignore the line."
    if (colon === 0) onComment?.(value)
    else setField(colon === -1 ? line : line.slice(0, colon), value)
  }

  return {
    get lastEventId() {
      return lastEventId
    },
    push(bytes) {
      const text = utf8.decode(bytes, { stream: true })
      if (text === '') return
      // The LF of a CRLF cut in two belongs to the line that its CR ended.
      let from = afterCr && text[0] === '\n' ? 1 : 0
      afterCr = text.endsWith('\r')
      // [spec] "Lines must be separated by either a U+000D CARRIAGE RETURN U+000A LINE FEED (CRLF) character pair, a
      // single U+000A LINE FEED (LF) character, or a single U+000D CARRIAGE RETURN (CR) character."
      let lf = text.indexOf('\n', from)
      let cr = text.indexOf('\r', from)
      while (lf !== -1 || cr !== -1) {
        const isCr = lf === -1 || (cr !== -1 && cr < lf)
        const end = isCr ? cr : lf
        const line = rest + text.slice(from, end)
        rest = ''
        from = end + (isCr && lf === cr + 1 ? 2 : 1)
        if (lf !== -1 && lf < from) lf = text.indexOf('\n', from)
        if (cr !== -1 && cr < from) cr = text.indexOf('\r', from)
        onLine(line)
      }
      rest += text.slice(from)
      bound(rest)
    },
    // [spec] "Once the end of the file is reached, any pending data must be discarded. (If the file ends in the
    // middle of an event, before the final empty line, the incomplete event is not dispatched.)"
    end() {
      forget()
      rest = ''
    },
  }
}
