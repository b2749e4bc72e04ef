import { describe, expect, it } from 'vitest'
import { createClientWorld } from '../testing/client-world.ts'
import { MemoryDatabase } from '../testing/memory-store.ts'
import '../local/keeper.ts'

function setUp(options: Parameters<typeof createClientWorld>[0] = {}) {
  const world = createClientWorld(options)
  const { hub, session } = world
  const posts = (ending: string) =>
    hub.requests.filter(({ method, path }) => method === 'POST' && path.endsWith(ending))
  const states = (): readonly string[] =>
    session.getSnapshot().outbox.map(({ command, state }) => `${command.kind} ${state}`)
  return { ...world, posts, states }
}

describe('an outbox', () => {
  it('shows each command pending, and then where in the stream it was applied', async () => {
    const { session, watch, advance, startRun, states, hub } = setUp()
    await watch()
    startRun()
    await advance(100)
    void session.send({ content: 'hello' })
    void session.steer('also this')
    void session.regenerate('q1')
    expect(states()).toEqual(['send pending', 'steer pending', 'regenerate pending'])
    await advance(100)
    void session.stop('r1')
    await advance(100)
    expect(states()).toEqual(['send applied', 'steer applied', 'regenerate applied', 'stop applied'])
    for (const { appliedAt } of session.getSnapshot().outbox) expect(appliedAt).toMatch(/^epoch0001-\d+$/)
    expect(session.getSnapshot().outbox.at(-1)?.appliedAt).toBe(hub.stream('s1').cursor)
  })

  it('tells what came too late from what was rejected', async () => {
    const { session, watch, advance, startRun, states, hub } = setUp()
    await watch()
    startRun()
    await advance(100)
    hub.append('s1', { type: 'run_completed', data: { runId: 'r1', status: 'completed' }, runId: 'r1' })
    const stopped = session.stop('r1')
    await advance(100)
    expect(await stopped).toBe(false)
    hub.refuse(404, {}, { title: 'There is no such message.', status: 404, code: 'not_found' })
    const refused = session.regenerate('gone').catch((error: unknown) => error)
    await advance(100)
    expect(await refused).toMatchObject({ code: 'not_found' })
    expect(states()).toEqual(['stop late', 'regenerate rejected'])
    expect(session.getSnapshot().outbox[1]?.error?.message).toBe('There is no such message.')
  })

  it('no command is given up while the network is away, and each goes under one id', async () => {
    const { session, watch, advance, startRun, posts, hub } = setUp()
    await watch()
    startRun()
    await advance(100)
    hub.down()
    const all = [session.regenerate('q1'), session.steer('word'), session.continueRun('r1')]
    await advance(600_000)
    expect(session.getSnapshot().outbox.every(({ state }) => state === 'pending')).toBe(true)
    hub.down(false)
    await advance(60_000)
    expect(await Promise.all(all)).toHaveLength(3)
    for (const ending of ['/regenerate', '/input']) {
      expect(posts(ending).length).toBeGreaterThan(1)
      expect(new Set(posts(ending).map(({ body }) => JSON.stringify(body))).size).toBe(1)
    }
  })

  it('one that the server stumbles over is given up, and what is behind it goes on', async () => {
    const { session, watch, advance, states, hub } = setUp()
    await watch()
    for (let times = 0; times < 5; times++) hub.refuse(500)
    void session.send({ content: 'poison' })
    void session.send({ content: 'fine' })
    await advance(60_000)
    expect(states()).toEqual(['send rejected', 'send applied'])
    expect(hub.stream('s1').state.messages.map(({ content }) => content)).toEqual(['fine'])
    const again = session.retry(session.getSnapshot().outbox[0]?.id ?? '')
    await advance(100)
    expect(await again).toMatchObject({ messageId: hub.stream('s1').state.messages[1]?.id })
  })

  it('a gateway without its server is waited for, however long', async () => {
    const { session, watch, advance, states, hub } = setUp()
    await watch()
    for (let times = 0; times < 12; times++) hub.refuse(times % 2 === 0 ? 502 : 503)
    void session.send({ content: 'hello' })
    await advance(600_000)
    expect(states()).toEqual(['send applied'])
  })

  it('a stop does not stand behind a message that is to come again later', async () => {
    const { session, watch, advance, startRun, hub } = setUp()
    await watch()
    startRun()
    await advance(100)
    hub.refuse(429, { 'retry-after': '30' })
    void session.send({ content: 'later' })
    await advance(100)
    const stopped = session.stop('r1')
    await advance(100)
    expect(await stopped).toBe(true)
  })

  it('what waits can be taken back: surely, when it was never sent', async () => {
    const { session, watch, advance, hub, posts } = setUp()
    await watch()
    hub.down()
    const sent = [session.send({ content: 'one' }), session.send({ content: 'two' })]
    await advance(1_000)
    const [one, two] = session.getSnapshot().outbox
    const sure = [two?.id ?? '', one?.id ?? '', 'unknown'].map((id) => session.discard(id))
    await advance(50)
    expect([session.getSnapshot().outbox, session.getSnapshot().messages]).toEqual([[], []])
    expect(await Promise.all(sure)).toEqual([true, false, false])
    for (const promise of sent) await expect(promise).rejects.toMatchObject({ code: 'conflict' })
    hub.down(false)
    await advance(60_000)
    expect(posts('/messages').some(({ body }) => JSON.stringify(body).includes('two'))).toBe(false)
    expect(hub.stream('s1').state.messages).toEqual([])
  })

  it('what was left from before, never sent, is surely taken back, too', async () => {
    const database = new MemoryDatabase()
    const before = setUp({ userId: 'user-1', local: database.open })
    await before.watch()
    before.hub.down()
    for (const content of ['one', 'two']) void before.session.send({ content }).catch(() => undefined)
    await before.advance(1_000)
    before.client.close()
    const after = setUp({ userId: 'user-1', local: database.open })
    after.hub.down()
    await after.watch()
    const [one, two] = after.session.getSnapshot().outbox
    expect([await after.session.discard(one?.id ?? ''), await after.session.discard(two?.id ?? '')]).toEqual([
      false,
      true,
    ])
  })

  it('waits for a sign-in where nobody is signed in, and goes on by itself', async () => {
    const { session, watch, advance, states, hub, client } = setUp({ userId: 'user-1', local: 'off' })
    await watch()
    hub.refuse(401)
    hub.refuse(401)
    void session.send({ content: 'hello' })
    await advance(60_000)
    expect(states()).toEqual(['send pending'])
    expect(session.getSnapshot().outbox[0]?.error).toMatchObject({ code: 'auth_error' })
    await Promise.all([client.auth.me(), advance(100)])
    await advance(1_000)
    expect(states()).toEqual(['send applied'])
  })

  it('holds the newest 20 of those that are over, and 100 that wait', async () => {
    const { session, watch, advance, hub } = setUp()
    await watch()
    for (let at = 0; at < 30; at++) void session.send({ content: String(at) })
    await advance(5_000)
    expect(session.getSnapshot().outbox).toHaveLength(20)
    hub.down()
    for (let at = 0; at < 100; at++) void session.send({ content: String(at) })
    await expect(session.send({ content: 'one too many' })).rejects.toMatchObject({ code: 'rate_limited' })
  })

  it('every kind of command survives a reload, in its order', async () => {
    const database = new MemoryDatabase()
    const before = setUp({ userId: 'user-1', local: database.open })
    await before.watch()
    before.startRun()
    await before.advance(100)
    before.hub.down()
    void before.session.send({ content: 'one' })
    void before.session.stop('r1')
    void before.session.regenerate('q1')
    await before.advance(1_000)
    before.client.close()
    const after = setUp({ userId: 'user-1', local: database.open })
    after.startRun()
    await after.watch()
    await after.advance(60_000)
    expect(after.states()).toEqual(['send applied', 'stop applied', 'regenerate applied'])
    expect(database.commands.size).toBe(0)
  })
})
