import { MAX_DATA_DEPTH, checked, draftOf, refuse } from './draft-schema.ts'
import type { DraftLimits } from './draft-schema.ts'
import { attachment, id } from './event-shapes.ts'
import { EVENT_TYPE_PATTERN } from './events.ts'
import type { Attachment } from './events.ts'
import type {
  CreateSession,
  InputResolution,
  ProduceBatch,
  ProduceLine,
  RunOptions,
  SendMessage,
  SessionPatch,
} from './http.ts'
import { jsonFault } from './json-shape.ts'
import { asking } from './shape-fault.ts'
import { count, flag, nullable, optional } from './shape.ts'
import type { Ask, Shape } from './shape.ts'

/** Longest message, in UTF-16 units after trimming. */
export const MAX_CONTENT_LENGTH = 100_000
/** Longest title that a person may give, in UTF-16 units. */
export const MAX_TITLE_LENGTH = 200
/** Most events of one producer's batch. */
export const MAX_BATCH_EVENTS = 1000
/** Most documents attached to one message. */
export const MAX_ATTACHMENTS = 32
/** Longest id or title of an attached document, in UTF-16 units. */
export const MAX_ATTACHMENT_TEXT_LENGTH = 500

/** Text that has between 1 and `most` units once trimmed. */
function words(most: number): Ask<string> {
  const mend = `text of 1 to ${String(most)} characters`
  return asking(mend, (value) => {
    const length = typeof value === 'string' ? value.trim().length : 0
    return length > 0 && length <= most
  })
}

const title = words(MAX_TITLE_LENGTH)
const seq: Ask<number> = asking('a whole number from 1', (value) => count(value) && value !== 0)

const LANGUAGE_TAG = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$/
const language: Ask<string> = asking(
  'a language tag, such as de or de-AT',
  (value) => typeof value === 'string' && LANGUAGE_TAG.test(value),
)

const RUN_OPTIONS: Shape<RunOptions> = { approvePlan: optional(flag), language: optional(language) }

const ASK_AGAIN: Shape<{ readonly options?: RunOptions }> = { options: optional(RUN_OPTIONS) }

const SEND_MESSAGE: Shape<SendMessage> = {
  content: words(MAX_CONTENT_LENGTH),
  clientMessageId: id,
  parentId: optional(nullable(id)),
  attachments: optional([attachment]),
  options: optional(RUN_OPTIONS),
}

/**
 * Body of `POST …/messages`. The content comes back trimmed and with lone surrogates replaced by U+FFFD: a
 * person's text is whole, unlike a delta.
 * @throws StreamError `invalid_request` naming the field and the mend.
 */
export function checkSendMessage(value: unknown): SendMessage {
  const body = checked(SEND_MESSAGE, value, 'body')
  const { content, clientMessageId, parentId } = body
  const attached = body.attachments?.map(({ documentId, title }) => ({ documentId, title }))
  refuse('body.attachments', attached && attachmentsFault(attached))
  return {
    content: wellFormed(content.trim()),
    clientMessageId,
    ...(parentId === undefined ? {} : { parentId }),
    ...(attached === undefined ? {} : { attachments: attached }),
    ...optionsOf(body.options),
  }
}

/**
 * The options of a body of `…/regenerate` or `…/continue`, which may have none.
 * @throws StreamError `invalid_request` naming the field and the mend.
 */
export function checkRunOptions(value: unknown): { readonly options?: RunOptions } {
  return optionsOf(checked(ASK_AGAIN, value, 'body').options)
}

function optionsOf(options: RunOptions | undefined): { readonly options?: RunOptions } {
  const { approvePlan, language } = options ?? {}
  if (approvePlan === undefined && language === undefined) return {}
  return {
    options: {
      ...(approvePlan !== undefined && { approvePlan }),
      ...(language !== undefined && { language }),
    },
  }
}

function attachmentsFault(attached: readonly Attachment[]): string | undefined {
  if (attached.length > MAX_ATTACHMENTS) return ` must be at most ${String(MAX_ATTACHMENTS)}: send fewer`
  const long = attached.some(
    (one) => Math.max(one.documentId.length, one.title.length) > MAX_ATTACHMENT_TEXT_LENGTH,
  )
  return long
    ? ` must have ids and titles of at most ${String(MAX_ATTACHMENT_TEXT_LENGTH)} characters`
    : undefined
}

const PRODUCE_BATCH: Shape<ProduceBatch> = {
  events: asking(
    `a list of 1 to ${String(MAX_BATCH_EVENTS)} events`,
    (value) => Array.isArray(value) && value.length > 0 && value.length <= MAX_BATCH_EVENTS,
  ),
  producerId: id,
  producerSeq: seq,
  runId: optional(id),
  fence: optional(count),
}

/**
 * Body of `POST …/events`: every event is checked as a draft; one bad event refuses the batch.
 * @throws StreamError `invalid_request` naming the event, the field and the mend.
 */
export function checkProduceBatch(value: unknown, limits: DraftLimits = {}): ProduceBatch {
  const { events, producerId, producerSeq, runId, fence } = checked(PRODUCE_BATCH, value, 'body')
  return {
    events: events.map((event, index) => draftOf(event, `body.events[${String(index)}]`, limits)),
    producerId,
    producerSeq,
    ...(runId === undefined ? {} : { runId }),
    ...(fence === undefined ? {} : { fence }),
  }
}

const PRODUCE_LINE: Shape<{ producerSeq: number }> = { producerSeq: seq }

/**
 * One line of an NDJSON body of `POST …/events`.
 * @throws StreamError `invalid_request` naming the field and the mend.
 */
export function checkProduceLine(value: unknown, limits: DraftLimits = {}): ProduceLine {
  const { producerSeq } = checked(PRODUCE_LINE, value, 'body')
  return { ...draftOf(value, 'body', limits), producerSeq }
}

const SESSION_PATCH: Shape<SessionPatch> = { title: optional(title), archived: optional(flag) }

/**
 * Body of `PATCH /api/sessions/A`. A title comes back on one line.
 * @throws StreamError `invalid_request` naming the field and the mend.
 */
export function checkSessionPatch(value: unknown): SessionPatch {
  const { title, archived } = checked(SESSION_PATCH, value, 'body')
  if (title === undefined && archived === undefined) refuse('body', ' must have title or archived')
  return {
    ...(title === undefined ? {} : { title: oneLine(title) }),
    ...(archived === undefined ? {} : { archived }),
  }
}

const INPUT_RESOLUTION: Shape<InputResolution> = {
  inputId: optional(id),
  decision: asking(
    'a word of a–z 0–9 _, at most 64',
    (value) => typeof value === 'string' && EVENT_TYPE_PATTERN.test(value),
  ),
}

/**
 * Body of `POST …/runs/R/input`.
 * @throws StreamError `invalid_request` naming the field and the mend.
 */
export function checkInputResolution(value: unknown): InputResolution {
  const body = checked(INPUT_RESOLUTION, value, 'body')
  if (body.value !== undefined) refuse('body.value', jsonFault(body.value, MAX_DATA_DEPTH))
  return {
    ...(body.inputId === undefined ? {} : { inputId: body.inputId }),
    decision: body.decision,
    ...(body.value === undefined ? {} : { value: body.value }),
  }
}

const CREATE_SESSION: Shape<CreateSession> = { title: optional(title) }

/**
 * Body of `POST /api/sessions` and `PUT /api/sessions/A`; no body at all counts as `{}`.
 * @throws StreamError `invalid_request` naming the field and the mend.
 */
export function checkCreateSession(value: unknown): CreateSession {
  const { title } = checked(CREATE_SESSION, value ?? {}, 'body')
  return title === undefined ? {} : { title: oneLine(title) }
}

function oneLine(title: string): string {
  return wellFormed(title.trim().replace(/\s+/g, ' '))
}

function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}
