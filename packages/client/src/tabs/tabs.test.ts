import { describe, expect, it, onTestFinished } from 'vitest'
import { createStreamClient } from '../stream-client.ts'
import { createFakeClock } from '../testing/fake-clock.ts'
import { createFakeEnvironment } from '../testing/fake-environment.ts'
import { FakeHub } from '../testing/fake-hub.ts'
import { FakeBrowser } from '../testing/fake-tabs.ts'
// What is loaded at need is at hand here: loading takes real time, which the fake clock does not wait for.
import './tabs.ts'
import '../local/keeper.ts'

function setUp() {
  const hub = new FakeHub()
  const clock = createFakeClock()
  const browser = new FakeBrowser()
  const openTab = (userId = 'user-1') => {
    const platform = browser.tab()
    let isDead = false
    const environment = createFakeEnvironment({
      clock,
      tabs: platform,
      fetch: async (input, init) => {
        const response = await hub.fetch(input, init)
        if (isDead) throw new TypeError('the tab is gone')
        return response
      },
    })
    const client = createStreamClient({ environment, userId, local: 'off' })
    onTestFinished(client.close)
    const session = (id: string) => {
      const handle = client.session(id)
      handle.subscribe(() => undefined)
      return handle
    }
    const role = () => client.connection.getSnapshot().role
    return {
      environment,
      client,
      session,
      role,
      freeze(isFrozen = true) {
        platform.freeze(isFrozen)
        environment.freeze(isFrozen)
      },
      /** Gone without a word, and its connections with it. */
      kill() {
        isDead = true
        platform.kill()
        environment.freeze()
        hub.drop()
      },
    }
  }
  let words = 0
  const say = (sessionId = 's1'): void => {
    hub.append(sessionId, {
      type: 'user_message',
      data: { messageId: `m${String(++words)}`, content: String(words) },
    })
  }
  const beat = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 10_000) {
      hub.beat()
      await clock.advance(Math.min(left, 10_000))
    }
  }
  const streams = (): number => hub.requests.filter(({ path }) => path === '/api/sse').length
  return { hub, clock, browser, openTab, say, beat, streams }
}

describe('tabs', () => {
  it('P4 many tabs on many sessions share one stream, and each shows the fold of its own', async () => {
    const { hub, clock, openTab, say } = setUp()
    const tabs = Array.from({ length: 7 }, () => openTab())
    const sessions = tabs.map(({ session }, at) => session(`s${String(at)}`))
    await clock.advance(1_000)
    for (let at = 0; at < 7; at++) for (let times = 0; times < 3; times++) say(`s${String(at)}`)
    await clock.advance(1_000)
    expect(hub.readers).toBe(1)
    expect(tabs.map(({ role }) => role())).toEqual(['leader', ...Array.from({ length: 6 }, () => 'follower')])
    sessions.forEach((session, at) => {
      expect(session.getSnapshot().conversation).toEqual(hub.stream(`s${String(at)}`).state)
    })
    for (const { client } of tabs)
      expect(client.connection.getSnapshot()).toMatchObject({ status: 'open', phase: 'live' })
  })

  it('a tab that comes later is brought up by the leader, and hears each event once', async () => {
    const { hub, clock, openTab, say, streams } = setUp()
    openTab().session('s1')
    await clock.advance(500)
    say()
    await clock.advance(500)
    const late = openTab()
    const session = late.session('s1')
    const told: string[] = []
    session.on('user_message', ({ data }) => told.push(data.content))
    await clock.advance(500)
    expect(session.getSnapshot().messages).toHaveLength(1)
    say()
    say()
    await clock.advance(500)
    expect(told).toEqual(['2', '3'])
    expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
    expect(streams()).toBe(1)
  })

  it('B5 the leader closed mid-token: another takes over, nothing is lost, nothing is told twice', async () => {
    const { hub, clock, openTab, say } = setUp()
    const [first, second, third] = [openTab(), openTab(), openTab()]
    for (const tab of [first, second, third]) tab.session('s1')
    const told = [second, third].map(({ client }) => {
      const heard: string[] = []
      client.on('user_message', ({ data }) => heard.push(data.content))
      return heard
    })
    await clock.advance(500)
    for (let at = 0; at < 5; at++) say()
    await clock.advance(100)
    first.client.close()
    for (let at = 0; at < 5; at++) {
      say()
      await clock.advance(20)
    }
    await clock.advance(1_000)
    expect([second.role(), third.role(), hub.readers]).toEqual(['leader', 'follower', 1])
    for (const { client } of [second, third]) {
      expect(client.session('s1').getSnapshot().conversation).toEqual(hub.stream('s1').state)
    }
    for (const heard of told) expect(heard).toEqual(Array.from({ length: 10 }, (_, at) => String(at + 1)))
  })

  it('a leader that is gone without a word makes room by its lock', async () => {
    const { hub, clock, openTab, say } = setUp()
    const [first, second] = [openTab(), openTab()]
    first.session('s1')
    const session = second.session('s1')
    await clock.advance(500)
    first.kill()
    say()
    await clock.advance(2_000)
    expect(second.role()).toBe('leader')
    expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
  })

  it('a frozen leader is overthrown within seconds by a visible follower, and follows when it wakes', async () => {
    const { hub, clock, openTab, say, beat } = setUp()
    const [first, second] = [openTab(), openTab()]
    const mine = first.session('s1')
    const session = second.session('s1')
    await clock.advance(500)
    first.freeze()
    say()
    await beat(8_000)
    expect(second.role()).toBe('leader')
    expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
    first.freeze(false)
    await beat(10_000)
    expect([first.role(), second.role(), hub.readers]).toEqual(['follower', 'leader', 1])
    say()
    await clock.advance(500)
    expect(mine.getSnapshot().conversation).toEqual(hub.stream('s1').state)
  })

  it('B3 after the machine slept the leader still leads', async () => {
    const { hub, clock, openTab, say, beat } = setUp()
    const [first, second] = [openTab(), openTab()]
    first.session('s1')
    const session = second.session('s1')
    await clock.advance(500)
    for (const offset of [0, 3_000, 5_500]) {
      await beat(offset)
      await clock.sleep(3_600_000)
      await beat(10_000)
      expect([first.role(), second.role()]).toEqual(['leader', 'follower'])
    }
    say()
    await clock.advance(1_000)
    expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
  })

  it('a tab that slept while it waited for an answer waits anew', async () => {
    const { clock, openTab, beat } = setUp()
    const [first, second] = [openTab(), openTab()]
    first.session('s1')
    second.session('s1')
    await clock.advance(500)
    first.freeze()
    await clock.advance(5_500)
    second.freeze()
    first.freeze(false)
    await beat(60_000)
    second.freeze(false)
    await beat(10_000)
    expect([first.role(), second.role()]).toEqual(['leader', 'follower'])
  })

  it('a hidden follower takes nothing from anybody', async () => {
    const { clock, openTab, beat } = setUp()
    const [first, second] = [openTab(), openTab()]
    first.session('s1')
    second.session('s1')
    await clock.advance(500)
    second.environment.setVisible(false)
    first.freeze()
    await beat(200_000)
    expect(second.role()).toBe('follower')
  })

  it('a follower that lost something is brought up', async () => {
    const { hub, clock, browser, openTab, say, beat } = setUp()
    openTab().session('s1')
    const tab = openTab()
    const session = tab.session('s1')
    await clock.advance(500)
    tab.freeze()
    say()
    await clock.advance(10)
    tab.freeze(false)
    say()
    await clock.advance(500)
    expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
    tab.freeze()
    say()
    await clock.advance(10)
    tab.freeze(false)
    await beat(6_000)
    expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
    expect(browser.messages.length).toBeGreaterThan(0)
  })

  it('stays while any tab is looked at, pauses when all are hidden, and comes back for any', async () => {
    const { hub, clock, openTab, beat, say } = setUp()
    const [first, second] = [openTab(), openTab()]
    first.session('s1')
    const session = second.session('s1')
    await clock.advance(500)
    first.environment.setVisible(false)
    await beat(200_000)
    expect(hub.readers).toBe(1)
    second.environment.setVisible(false)
    await beat(200_000)
    expect(hub.readers).toBe(0)
    say()
    second.environment.setVisible(true)
    await clock.advance(1_000)
    expect(hub.readers).toBe(1)
    expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
  })

  it('a session that the leader does not show is carried for the tab that does, and let go with it', async () => {
    const { hub, clock, openTab, say, beat } = setUp()
    openTab().session('s1')
    const tab = openTab()
    const other = tab.session('s2')
    await clock.advance(500)
    say('s2')
    await clock.advance(500)
    expect(other.getSnapshot().conversation).toEqual(hub.stream('s2').state)
    expect(hub.requests.at(-1)?.query.getAll('sessionId').sort()).toEqual(['s1', 's2'])
    tab.client.close()
    await beat(1_000)
    expect(hub.requests.at(-1)?.query.getAll('sessionId')).toEqual(['s1'])
  })

  it('the back/forward cache gets a page without lock or stream, and gives back a follower', async () => {
    const { hub, clock, openTab, say } = setUp()
    const [first, second] = [openTab(), openTab()]
    const session = first.session('s1')
    second.session('s1')
    await clock.advance(500)
    first.environment.emit('pagehide')
    await clock.advance(1_000)
    expect([second.role(), hub.readers]).toEqual(['leader', 1])
    say()
    first.environment.emit('pageshow')
    await clock.advance(1_000)
    expect([first.role(), hub.readers]).toEqual(['follower', 1])
    expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
  })

  it('retry now reaches the leader', async () => {
    const { hub, clock, openTab } = setUp()
    const [first, second] = [openTab(), openTab()]
    first.session('s1')
    const session = second.session('s1')
    await clock.advance(500)
    hub.refuse(503, { 'retry-after': '600' })
    hub.drop()
    await clock.advance(1_000)
    expect(session.connection.getSnapshot()).toMatchObject({
      status: 'waiting',
      role: 'follower',
      code: 'server_error',
    })
    session.connection.retryNow()
    await clock.advance(500)
    expect(session.connection.getSnapshot()).toMatchObject({ status: 'open', phase: 'live' })
  })

  it('a deleted session ends in every tab', async () => {
    const { clock, openTab } = setUp()
    const [first, second] = [openTab(), openTab()]
    const one = first.session('s1')
    const two = second.session('s1')
    await clock.advance(500)
    await second.client.deleteSession('s1')
    await clock.advance(500)
    expect([one.getSnapshot().closed, two.getSnapshot().closed]).toEqual([
      'session_expired',
      'session_expired',
    ])
    await second.client.restoreSession('s1')
    await clock.advance(1_000)
    expect(two.connection.getSnapshot().phase).toBe('live')
  })

  it('B7 signing out in one tab closes and wipes all; another user is a stranger', async () => {
    const { hub, clock, openTab, say } = setUp()
    const [first, second, stranger] = [openTab(), openTab(), openTab('user-2')]
    const sessions = [first, second, stranger].map(({ session }) => session('s1'))
    say()
    await clock.advance(1_000)
    expect(hub.readers).toBe(2)
    const told: string[] = []
    for (const [name, { client }] of Object.entries({ first, second, stranger }))
      client.auth.onSignedOut(() => told.push(name))
    await second.client.auth.signOut()
    await clock.advance(1_000)
    expect(told.sort()).toEqual(['first', 'second'])
    expect(sessions.map((session) => session.getSnapshot().messages.length)).toEqual([0, 0, 1])
    expect(hub.readers).toBe(1)
    for (const { client } of [first, second]) {
      expect(client.connection.getSnapshot()).toMatchObject({ status: 'paused', reasons: ['auth'] })
    }
    await Promise.all([second.client.auth.guest(), clock.advance(2_000)])
    expect(second.client.connection.getSnapshot()).toMatchObject({ phase: 'live', role: 'leader' })
    expect(sessions[1]?.getSnapshot().messages).toHaveLength(1)
  })
})
