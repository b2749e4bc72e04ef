import { afterEach, describe, expect, it } from 'vitest'
import { createStreamClient } from '../stream-client.ts'
import type { StreamClient } from '../stream-client.ts'
import { createFakeEnvironment } from '../testing/fake-environment.ts'
import { FakeHub } from '../testing/fake-hub.ts'
// What is loaded at need is at hand here: loading takes real time, which the fake clock does not wait for.
import './commands.ts'

const clients: StreamClient[] = []

afterEach(() => {
  for (const client of clients.splice(0)) client.close()
})

async function setUp() {
  const hub = new FakeHub()
  const environment = createFakeEnvironment({ fetch: hub.fetch })
  const client = createStreamClient({ environment, share: 'off' })
  clients.push(client)
  const session = client.session('s1')
  session.subscribe(() => undefined)
  await environment.advance(300)
  const posts = (ending: string) =>
    hub.requests.filter(({ method, path }) => method === 'POST' && path.endsWith(ending))
  const texts = (): readonly string[] => session.getSnapshot().branch.map(({ content }) => content)
  /** Answers the newest run with one message. */
  const answer = async (content: string): Promise<void> => {
    const run = session.getSnapshot().conversation.runs.at(-1)
    const runId = run?.id ?? ''
    const messageId = `a-${runId}`
    const scope = { runId, parentId: run?.messageId ?? null }
    hub.append('s1', { type: 'run_started', data: { runId, kind: 'message', attempt: 1 }, runId })
    hub.append('s1', { type: 'message_started', data: { messageId, role: 'assistant' }, ...scope })
    hub.append('s1', { type: 'message_chunk', data: { messageId, content, isComplete: true }, ...scope })
    hub.append('s1', {
      type: 'message_completed',
      data: { messageId, sessionId: 's1', finalContent: content },
      ...scope,
    })
    hub.append('s1', { type: 'run_completed', data: { runId, status: 'completed' }, runId })
    await environment.advance(100)
  }
  const ask = async (content: string): Promise<string> => {
    const sent = session.send({ content })
    await environment.advance(50)
    return (await sent).messageId
  }
  return { hub, environment, client, session, advance: environment.advance, posts, texts, answer, ask }
}

describe('sending', () => {
  it('shows the message at once and replaces it in place by the stored one', async () => {
    const { hub, session, advance } = await setUp()
    const sent = session.send({ content: 'hello' })
    const { messages, branch, status, outgoing } = session.getSnapshot()
    expect(messages).toMatchObject([{ role: 'user', content: 'hello', parentId: null }])
    expect([branch.length, status, outgoing.length]).toEqual([1, 'submitted', 1])
    const id = messages[0]?.id
    hub.append('s1', { type: 'session_updated', data: { title: 'meanwhile' } })
    session.selectBranch(id ?? '')
    expect(session.getSnapshot().messages[0]).toBe(messages[0])
    await advance(100)
    const accepted = await sent
    // The code of commands is loaded by the first, in time that is nobody's to give.
    await advance(100)
    expect(accepted).toMatchObject({ messageId: id })
    expect(session.getSnapshot().messages.map((message) => [message.id, message.content])).toEqual([
      [id, 'hello'],
    ])
    expect(session.getSnapshot().messages[0]?.integrity).toBe('complete')
    expect([session.getSnapshot().outgoing, session.getSnapshot().status]).toEqual([[], 'submitted'])
  })

  it('L7 sends again under the same id when the network swallowed it, and it is there once', async () => {
    const { hub, session, advance, posts } = await setUp()
    hub.down()
    const sent = session.send({ content: 'hello' })
    await advance(5_000)
    expect(session.getSnapshot().status).toBe('submitted')
    hub.down(false)
    await advance(60_000)
    await sent
    expect(posts('/messages').length).toBeGreaterThan(1)
    expect(new Set(posts('/messages').map(({ body }) => JSON.stringify(body))).size).toBe(1)
    expect(session.getSnapshot().messages).toHaveLength(1)
  })

  it('tries at once when the network is back', async () => {
    const { hub, environment, session, advance } = await setUp()
    hub.down()
    environment.setOnline(false)
    const sent = session.send({ content: 'hello' })
    await advance(300_000)
    hub.down(false)
    environment.setOnline(true)
    await advance(0)
    await expect(sent).resolves.toMatchObject({ messageId: session.getSnapshot().messages[0]?.id })
  })

  it('keeps what the server refuses, marked, to be sent again or discarded', async () => {
    const { hub, session, advance } = await setUp()
    hub.refuse(400, {}, { title: 'Too long', code: 'invalid_request', status: 400 })
    const refused = session.send({ content: 'hello' }).catch((error: unknown) => error)
    await advance(100)
    expect(await refused).toMatchObject({ code: 'invalid_request' })
    const [entry] = session.getSnapshot().outgoing
    expect(entry).toMatchObject({ state: 'failed', error: { message: 'Too long' } })
    expect(session.getSnapshot().status).toBe('error')
    const again = session.retry(entry?.id ?? '')
    await advance(100)
    expect(await again).toMatchObject({ messageId: entry?.id })
    hub.refuse(400)
    await Promise.all([session.send({ content: 'other' }).catch(() => undefined), advance(100)])
    await session.discard(session.getSnapshot().outgoing[0]?.id ?? '')
    expect(session.getSnapshot().messages.map(({ content }) => content)).toEqual(['hello'])
  })

  it('keeps the order in which messages were written', async () => {
    const { hub, session, advance, texts } = await setUp()
    hub.refuse(503, { 'retry-after': '2' })
    void session.send({ content: 'one' })
    void session.send({ content: 'two' })
    void session.send({ content: 'three' })
    expect(texts()).toEqual(['one', 'two', 'three'])
    await advance(10_000)
    expect(hub.stream('s1').state.messages.map(({ content }) => content)).toEqual(['one', 'two', 'three'])
    expect(texts()).toEqual(['one', 'two', 'three'])
  })

  it('a message that nobody waits for rejects without a noise', async () => {
    const { hub, session, advance } = await setUp()
    hub.refuse(400)
    void session.send({ content: 'hello' })
    await advance(100)
    expect(session.getSnapshot().outgoing[0]?.state).toBe('failed')
  })

  it('bounds what waits', async () => {
    const { hub, session } = await setUp()
    hub.down()
    for (let at = 0; at < 100; at++) void session.send({ content: String(at) })
    await expect(session.send({ content: 'one too many' })).rejects.toMatchObject({ code: 'rate_limited' })
  })
})

describe('branches', () => {
  it('a message written during a run stays behind its answer', async () => {
    const { ask, answer, texts, session, hub, advance } = await setUp()
    const first = await ask('one')
    await ask('two')
    expect(texts()).toEqual(['one', 'two'])
    const runId = `run-${first}`
    hub.append('s1', {
      type: 'message_started',
      data: { messageId: 'a1', role: 'assistant' },
      runId,
      parentId: first,
    })
    await advance(100)
    expect(session.getSnapshot().branch.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
    await answer('second')
    expect(session.getSnapshot().branch.map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'user',
      'assistant',
    ])
  })

  it('editing makes a sibling, and either can be shown', async () => {
    const { ask, answer, texts, session, advance } = await setUp()
    const original = await ask('one')
    await answer('1')
    await ask('two')
    await answer('2')
    const edited = session.edit(original, 'uno')
    await advance(50)
    const { messageId } = await edited
    expect(texts()).toEqual(['uno'])
    expect(session.siblings(original)).toEqual([original, messageId])
    await answer('I')
    expect(texts()).toEqual(['uno', 'I'])
    session.selectBranch(original)
    expect(texts()).toEqual(['one', '1', 'two', '2'])
    session.selectBranch(messageId)
    expect(texts()).toEqual(['uno', 'I'])
    await expect(session.edit('a-nothing', 'x')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('regenerating shows the new answer, whatever was chosen before', async () => {
    const { ask, answer, texts, session, advance } = await setUp()
    await ask('one')
    await answer('first')
    const [, first] = session.getSnapshot().branch
    session.selectBranch(first?.id ?? '')
    await Promise.all([session.regenerate(first?.id ?? ''), advance(50)])
    await answer('second')
    expect(texts()).toEqual(['one', 'second'])
    session.selectBranch(first?.id ?? '')
    expect(texts()).toEqual(['one', 'first'])
  })
})

describe('runs', () => {
  it('are stopped, and one that had ended says so', async () => {
    const { ask, session, advance } = await setUp()
    const messageId = await ask('one')
    const stopped = session.stop()
    await advance(100)
    expect(await stopped).toBe(true)
    expect(session.getSnapshot().conversation.runs[0]?.status).toBe('cancelled')
    const again = session.stop(`run-${messageId}`)
    await advance(100)
    expect(await again).toBe(false)
    expect(await session.stop()).toBe(false)
  })

  it('are continued, answered and steered by their routes', async () => {
    const { ask, session, advance, posts, hub } = await setUp()
    const messageId = await ask('one')
    const runId = `run-${messageId}`
    hub.append('s1', {
      type: 'run_started',
      data: { runId, kind: 'message', attempt: 1 },
      runId,
    })
    hub.append('s1', {
      type: 'input_requested',
      data: { inputId: 'i1', kind: 'approval', prompt: 'ok?' },
      runId,
    })
    await advance(100)
    const answered = Promise.all([session.resolve('i1', 'approve', { plan: 1 }), session.steer('also this')])
    await advance(100)
    expect(await answered).toEqual([true, true])
    expect(posts('/input').map(({ path, body }) => [path, body])).toEqual([
      [`/api/sessions/s1/runs/${runId}/input`, { inputId: 'i1', decision: 'approve', value: { plan: 1 } }],
      [
        `/api/sessions/s1/runs/${runId}/input`,
        { inputId: expect.any(String) as string, decision: 'steer', value: 'also this' },
      ],
    ])
    expect(await session.resolve('unknown', 'approve')).toBe(false)
    const options = { language: 'de' }
    const continued = session.continueRun(runId, options)
    await advance(100)
    expect(await continued).toMatchObject({ messageId: runId })
    expect(posts('/continue')[0]?.body).toMatchObject({ options })
  })
})

describe('older messages', () => {
  it('are fetched before the oldest held, and stay over joining anew', async () => {
    const hub = new FakeHub()
    for (let at = 0; at < 120; at++) {
      const parentId = at === 0 ? null : `m${String(at - 1)}`
      hub.append('s1', {
        type: 'user_message',
        data: { messageId: `m${String(at)}`, content: String(at) },
        parentId,
      })
    }
    const environment = createFakeEnvironment({ fetch: hub.fetch })
    const client = createStreamClient({ environment, share: 'off' })
    clients.push(client)
    const session = client.session('s1')
    session.subscribe(() => undefined)
    await environment.advance(300)
    expect([session.getSnapshot().messages.length, session.getSnapshot().hasOlder]).toEqual([50, true])
    const more = session.loadOlder()
    await environment.advance(300)
    expect(await more).toBe(true)
    expect(session.getSnapshot().branch.map(({ content }) => content)).toEqual(
      Array.from({ length: 100 }, (_, at) => String(at + 20)),
    )
    hub.drop()
    hub.append('s1', { type: 'session_updated', data: { title: 'meanwhile' } })
    hub.stream('s1').trim()
    hub.append('s1', { type: 'user_message', data: { messageId: 'new', content: 'new' }, parentId: 'm119' })
    await environment.advance(1_000)
    expect(
      session
        .getSnapshot()
        .branch.map(({ content }) => content)
        .slice(-3),
    ).toEqual(['118', '119', 'new'])
    expect(session.getSnapshot().branch).toHaveLength(101)
    await Promise.all([session.loadOlder(), environment.advance(300)])
    expect([session.getSnapshot().messages.length, session.getSnapshot().hasOlder]).toEqual([121, false])
    expect(await session.loadOlder()).toBe(false)
  })
})
