import { describe, expect, it, onTestFinished } from 'vitest'
import { createStreamClient } from '../stream-client.ts'
import { createFakeEnvironment } from '../testing/fake-environment.ts'
import { FakeHub } from '../testing/fake-hub.ts'
import { MemoryDatabase } from '../testing/memory-store.ts'
// What is loaded at need is at hand here: loading takes real time, which the fake clock does not wait for.
import './keeper.ts'
import '../outbox/commands.ts'

function setUp() {
  const hub = new FakeHub()
  const database = new MemoryDatabase()
  const open = (userId = 'user-1') => {
    const environment = createFakeEnvironment({ fetch: hub.fetch })
    const client = createStreamClient({ environment, userId, share: 'off', local: database.open })
    onTestFinished(client.close)
    const session = client.session('s1')
    return { environment, client, session, advance: environment.advance }
  }
  const say = (content: string): void => {
    hub.append('s1', { type: 'user_message', data: { messageId: `m-${content}`, content } })
  }
  const contents = ({ session }: ReturnType<typeof open>): readonly string[] =>
    session.getSnapshot().messages.map(({ content }) => content)
  return { hub, database, open, say, contents }
}

describe('what is kept for after a reload', () => {
  it('B1 is painted before the network answers, and gone on from by its cursor', async () => {
    const { hub, open, say, contents } = setUp()
    const before = open()
    before.session.subscribe(() => undefined)
    say('one')
    await before.advance(3_000)
    before.client.close()
    say('two')
    hub.down()
    const after = open()
    after.session.subscribe(() => undefined)
    await after.advance(10)
    expect([contents(after), after.session.getSnapshot().loaded]).toEqual([['one'], true])
    hub.down(false)
    await after.advance(30_000)
    expect(contents(after)).toEqual(['one', 'two'])
    const resumed = hub.requests.filter(({ path }) => path === '/api/sse').slice(1)
    expect(resumed[0]?.query.get('after')).toBe('epoch0001-1')
    expect(after.session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
  })

  it('is saved when the page is left in the middle of something', async () => {
    const { database, open, say } = setUp()
    const { session, advance, environment } = open()
    session.subscribe(() => undefined)
    await advance(300)
    say('one')
    await advance(100)
    expect(database.sessions.get('user-1 s1')?.text ?? '').not.toContain('one')
    environment.emit('pagehide')
    expect(database.sessions.get('user-1 s1')?.text).toContain('one')
  })

  it('does not stop what is slow or broken from joining', async () => {
    const { hub, database } = setUp()
    hub.append('s1', { type: 'session_updated', data: { title: 'here' } })
    const environment = createFakeEnvironment({ fetch: hub.fetch })
    const client = createStreamClient({
      environment,
      userId: 'user-1',
      share: 'off',
      local: (userId) => ({ ...database.open(userId), loadSession: () => new Promise(() => undefined) }),
    })
    onTestFinished(client.close)
    client.session('s1').subscribe(() => undefined)
    await environment.advance(500)
    expect(client.session('s1').getSnapshot().conversation.title).toBe('here')
  })

  it('is forgotten with the session, at sign-out, and for another user', async () => {
    const { database, open, say, contents } = setUp()
    const one = open()
    one.session.subscribe(() => undefined)
    say('one')
    await one.advance(3_000)
    expect(database.sessions.size).toBe(1)
    await one.client.deleteSession('s1')
    await one.advance(300)
    expect(database.sessions.size).toBe(0)
    await one.client.restoreSession('s1')
    await one.advance(3_000)
    expect(database.sessions.size).toBe(1)
    one.client.close()
    const other = open('user-2')
    await other.advance(100)
    expect([contents(other), database.sessions.size]).toEqual([[], 0])
    other.session.subscribe(() => undefined)
    await other.advance(3_000)
    expect(database.sessions.size).toBe(1)
    await other.client.auth.signOut()
    await other.advance(3_000)
    expect(database.sessions.size).toBe(0)
  })
})

describe('messages that were not accepted', () => {
  it('survive a reload and are sent once, even where nobody watches the session', async () => {
    const { hub, database, open } = setUp()
    const before = open()
    before.session.subscribe(() => undefined)
    await before.advance(300)
    hub.down()
    const lost = before.session.send({ content: 'hello' }).catch(() => undefined)
    await before.advance(1_000)
    before.client.close()
    expect(database.commands.size).toBe(1)
    hub.down(false)
    const after = open()
    await after.advance(5_000)
    expect(hub.stream('s1').state.messages.map(({ content }) => content)).toEqual(['hello'])
    after.session.subscribe(() => undefined)
    await after.advance(3_000)
    expect(after.session.getSnapshot().messages.map(({ content }) => content)).toEqual(['hello'])
    expect([after.session.getSnapshot().outgoing, database.commands.size]).toEqual([[], 0])
    void lost
  })

  it('held by two tabs, one that is taken back in one of them is not sent by the other', async () => {
    const { hub, database, open } = setUp()
    const posts = () => hub.requests.filter(({ method }) => method === 'POST').map(({ body }) => body)
    const one = open()
    one.session.subscribe(() => undefined)
    await one.advance(300)
    hub.down()
    const sent = [one.session.send({ content: 'tried' }), one.session.send({ content: 'waiting' })]
    await one.advance(1_000)
    const two = open()
    two.session.subscribe(() => undefined)
    await two.advance(1_000)
    const [tried, waiting] = two.session.getSnapshot().outbox
    expect([tried?.command, waiting?.command]).toMatchObject([{ content: 'tried' }, { content: 'waiting' }])
    expect(await two.session.discard(waiting?.id ?? '')).toBe(true)
    expect(await one.session.discard(tried?.id ?? '')).toBe(false)
    const before = posts().length
    hub.down(false)
    await one.advance(60_000)
    await two.advance(60_000)
    expect(posts().slice(before)).toEqual([])
    for (const { session } of [one, two]) expect(session.getSnapshot().outbox).toEqual([])
    for (const promise of sent) await expect(promise).rejects.toMatchObject({ code: 'conflict' })
    expect(database.commands.size).toBe(0)
  })

  it('held by two tabs and accepted in one of them, it is not said to be surely taken back in the other', async () => {
    const { hub, open } = setUp()
    const one = open()
    one.session.subscribe(() => undefined)
    await one.advance(300)
    hub.down()
    for (const content of ['first', 'second']) void one.session.send({ content }).catch(() => undefined)
    await one.advance(1_000)
    const second = one.session.getSnapshot().outbox[1]
    const two = open()
    two.session.subscribe(() => undefined)
    hub.down(false)
    await two.advance(60_000)
    expect(hub.stream('s1').state.messages.map(({ content }) => content)).toEqual(['first', 'second'])
    expect(await one.session.discard(second?.id ?? '')).toBe(false)
  })

  it('are sent all the same where the store does not answer', async () => {
    const { hub, database } = setUp()
    const never = () => new Promise<never>(() => undefined)
    const environment = createFakeEnvironment({ fetch: hub.fetch })
    const client = createStreamClient({
      environment,
      userId: 'user-1',
      share: 'off',
      local: (userId) => ({ ...database.open(userId), beginCommand: never, discardCommand: never }),
    })
    onTestFinished(client.close)
    const session = client.session('s1')
    session.subscribe(() => undefined)
    await environment.advance(300)
    void session.send({ content: 'hello' })
    await environment.advance(2_000)
    expect(hub.stream('s1').state.messages.map(({ content }) => content)).toEqual(['hello'])
  })

  it('a refused one stays refused, to be sent again or discarded', async () => {
    const { hub, database, open } = setUp()
    const before = open()
    before.session.subscribe(() => undefined)
    await before.advance(300)
    hub.refuse(400)
    void before.session.send({ content: 'hello' })
    await before.advance(300)
    before.client.close()
    const after = open()
    after.session.subscribe(() => undefined)
    await after.advance(3_000)
    const [entry] = after.session.getSnapshot().outgoing
    expect(entry).toMatchObject({ content: 'hello', state: 'failed' })
    await after.session.discard(entry?.id ?? '')
    await after.advance(10)
    expect(database.commands.size).toBe(0)
  })
})
