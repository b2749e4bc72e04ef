import { describe, expect, it } from 'vitest'
import {
  MAX_ATTACHMENTS,
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
import { StreamError } from './stream-error.ts'

function refusal(check: () => unknown): string {
  try {
    check()
  } catch (error) {
    if (error instanceof StreamError && error.code === 'invalid_request') return error.message
    throw error
  }
  return 'accepted'
}

describe('a message to send', () => {
  const body = { content: 'Hello', clientMessageId: 'c-1' }
  const attachment = { documentId: 'next/docs/01-app.md', title: 'App' }

  it('comes back trimmed, whole and with its known fields only', () => {
    const full = {
      ...body,
      content: ' Hello \ud83c\n',
      parentId: null,
      attachments: [{ ...attachment, x: 1 }],
      y: 1,
    }
    expect(checkSendMessage(full)).toEqual({
      content: 'Hello \ufffd',
      clientMessageId: 'c-1',
      parentId: null,
      attachments: [attachment],
    })
    expect(checkSendMessage(body)).toEqual(body)
  })

  it('says how its answer is made: with a plan to approve, in a language', () => {
    const options = { approvePlan: true, language: 'de-AT' }
    expect(checkSendMessage({ ...body, options: { ...options, y: 1 } })).toEqual({ ...body, options })
    expect(checkSendMessage({ ...body, options: { y: 1 } })).toEqual(body)
    expect(checkRunOptions({ options: { language: 'de' } })).toEqual({ options: { language: 'de' } })
    for (const language of ['', 'd', 'de_AT', 'de\n', 7, 'x'.repeat(40)])
      expect(refusal(() => checkRunOptions({ options: { language } }))).toBe(
        'body.options.language must be a language tag, such as de or de-AT',
      )
  })

  it('may be as long as the limit and no longer, blanks around it not counted', () => {
    const longest = 'x'.repeat(MAX_CONTENT_LENGTH)
    expect(checkSendMessage({ ...body, content: ` ${longest} ` }).content).toBe(longest)
    expect(refusal(() => checkSendMessage({ ...body, content: `${longest}x` }))).toBe(
      'body.content must be text of 1 to 100000 characters',
    )
  })

  it.each([
    [undefined, 'body must be an object'],
    [{ ...body, content: ' \n ' }, 'body.content must be text of 1 to 100000 characters'],
    [{ ...body, content: ['x'] }, 'body.content must be text of 1 to 100000 characters'],
    [{ content: 'x' }, 'body.clientMessageId must be 1 to 64 of A–Z a–z 0–9 _ -'],
    [{ ...body, parentId: 'a b' }, 'body.parentId must be 1 to 64 of A–Z a–z 0–9 _ -'],
    [{ ...body, attachments: [{}] }, 'body.attachments[0].documentId must be a string'],
    [
      { ...body, attachments: Array.from({ length: MAX_ATTACHMENTS + 1 }, () => attachment) },
      'body.attachments must be at most 32: send fewer',
    ],
    [
      { ...body, attachments: [{ ...attachment, title: 'x'.repeat(501) }] },
      'body.attachments must have ids and titles of at most 500 characters',
    ],
  ])('is refused: case %#', (value, message) => {
    expect(refusal(() => checkSendMessage(value))).toBe(message)
  })
})

describe("a producer's batch", () => {
  const event = { type: 'note', data: 1 }
  const batch = { events: [event], producerId: 'p', producerSeq: 1 }

  it('comes back with its events as drafts', () => {
    expect(
      checkProduceBatch({ ...batch, events: [{ ...event, id: 'x' }], runId: 'r', fence: 0, x: 1 }),
    ).toEqual({
      ...batch,
      runId: 'r',
      fence: 0,
    })
  })

  it.each([
    [{ ...batch, events: [] }, 'body.events must be a list of 1 to 1000 events'],
    [
      { ...batch, events: Array.from({ length: MAX_BATCH_EVENTS + 1 }, () => event) },
      'body.events must be a list of 1 to 1000 events',
    ],
    [{ ...batch, producerSeq: 0 }, 'body.producerSeq must be a whole number from 1'],
    [{ ...batch, fence: '1' }, 'body.fence must be a whole number from 0'],
    [{ ...batch, producerId: '' }, 'body.producerId must be 1 to 64 of A–Z a–z 0–9 _ -'],
    [
      { ...batch, events: [event, { type: 'snapshot', data: {} }] },
      'body.events[1].type is one that only the hub writes: choose another',
    ],
    [
      { ...batch, events: [event, { ...event, type: 'user_message' }] },
      'body.events[1].data must be an object',
    ],
  ])('is refused: case %#', (value, message) => {
    expect(refusal(() => checkProduceBatch(value))).toBe(message)
  })

  it('may come as lines, each with its own number', () => {
    expect(checkProduceLine({ ...event, runId: 'r', producerSeq: 7 })).toEqual({
      ...event,
      runId: 'r',
      producerSeq: 7,
    })
    expect(refusal(() => checkProduceLine(event))).toBe('body.producerSeq must be a whole number from 1')
    expect(refusal(() => checkProduceLine({ producerSeq: 1, data: 1 }))).toContain('body.type must be')
  })
})

describe('a change of a session', () => {
  it('is a title on one line, the archive flag, or both', () => {
    expect(checkSessionPatch({ title: ' a\n b ', archived: true })).toEqual({ title: 'a b', archived: true })
    expect(checkSessionPatch({ archived: false })).toEqual({ archived: false })
  })

  it.each([
    [{}, 'body must have title or archived'],
    [{ title: ' ' }, 'body.title must be text of 1 to 200 characters'],
    [{ title: 'x'.repeat(MAX_TITLE_LENGTH + 1) }, 'body.title must be text of 1 to 200 characters'],
    [{ archived: 1 }, 'body.archived must be true or false'],
  ])('is refused: case %#', (value, message) => {
    expect(refusal(() => checkSessionPatch(value))).toBe(message)
  })

  it('begins with a title or with nothing', () => {
    expect(checkCreateSession(undefined)).toEqual({})
    expect(checkCreateSession({ title: 'T' })).toEqual({ title: 'T' })
    expect(refusal(() => checkCreateSession({ title: '' }))).toContain('body.title must be')
    expect(refusal(() => checkCreateSession([]))).toBe('body must be an object')
  })
})

describe('an answer to a run that asks', () => {
  it('is a decision, with the request and a value if there are', () => {
    const full = { inputId: 'i', decision: 'edit', value: { questions: ['q'] } }
    expect(checkInputResolution({ ...full, x: 1 })).toEqual(full)
    expect(checkInputResolution({ decision: 'steer' })).toEqual({ decision: 'steer' })
  })

  it('A10 is refused with reserved names in the value', () => {
    const value: unknown = JSON.parse('{"__proto__":{}}')
    expect(refusal(() => checkInputResolution({ decision: 'edit', value }))).toBe(
      'body.value.__proto__ is a reserved name: rename it',
    )
    expect(refusal(() => checkInputResolution({ decision: 'No!' }))).toContain('body.decision must be')
  })
})
