import { initialConversation, reduceConversation } from '@throughline/protocol'
import { describe, expect, it } from 'vitest'
import { loadReader } from '../reading/load-reader.ts'
import { makeEnvelopes } from '../testing/envelopes.ts'
import { SessionStore } from './session-store.ts'

await loadReader()

function setUp() {
  const store = new SessionStore('s1')
  const events = makeEnvelopes('s1')
  const title = (text: string) => events.stored('session_updated', { title: text })
  store.receive(events.snapshot())
  store.receive(events.caughtUp())
  return { store, events, title }
}

describe('a session store', () => {
  it('takes what is next, drops what it has, and says at once when something is missing', () => {
    const { store, title } = setUp()
    const [one, two, three] = [title('1'), title('2'), title('3')]
    expect(store.receive(one)).toBe('new')
    expect(store.receive(one)).toBe('repeated')
    expect(store.receive(three)).toBe('lost')
    expect(store.cursor()).toBe(undefined)
    expect(store.fold(0).events).toEqual([])
    expect(store.receive(two)).toBe('useless')
  })

  it('I11 its cursor is what was folded, not what was received', () => {
    const { store, title } = setUp()
    expect(store.cursor()).toBe('epoch000-0')
    store.receive(title('1'))
    expect(store.cursor()).toBe('epoch000-0')
    store.fold(0)
    expect(store.cursor()).toBe('epoch000-1')
  })

  it('events that compaction left out are no gap', () => {
    const { store, events, title } = setUp()
    store.receive(title('1'))
    events.offset = 7
    expect(store.receive(events.stored('session_updated', { title: '8' }, { prev: 1 }))).toBe('new')
    store.fold(0)
    expect(store.cursor()).toBe('epoch000-8')
  })

  it('R2 another epoch without a reset is a loss', () => {
    const { store } = setUp()
    expect(store.receive(makeEnvelopes('s1', 'epoch111').stored('session_updated', {}))).toBe('lost')
  })

  it('after a reset nothing counts until the snapshot, and what is shown stays', () => {
    const { store, title, events } = setUp()
    store.receive(title('shown'))
    store.fold(0)
    const next = makeEnvelopes('s1', 'epoch111')
    expect(store.receive(events.control('reset', { reason: 'epoch', head: 'epoch111-5' }))).toBe('new')
    next.offset = 4
    expect(store.receive(next.stored('session_updated', { title: 'too early' }))).toBe('useless')
    store.fold(0)
    expect(store.folded.conversation.title).toBe('shown')
    const state = { ...initialConversation('s1'), title: 'new', position: { epoch: 'epoch111', offset: 5 } }
    expect(store.receive(next.snapshot(state))).toBe('new')
    expect([store.folded.conversation.title, store.cursor()]).toEqual(['new', 'epoch111-5'])
  })

  it('takes a snapshot in parts, whatever it had begun before', () => {
    const { store, events } = setUp()
    store.forget()
    const whole = JSON.stringify({ ...initialConversation('s1'), title: 'parts' })
    const part = (at: number, state: string) =>
      events.control(
        'snapshot',
        { part: at, parts: 2, reducerVersion: 1, state },
        at === 2 ? 'epoch000-9' : undefined,
      )
    store.receive(part(1, 'an old one'))
    store.receive(part(1, whole.slice(0, 20)))
    expect(store.cursor()).toBe(undefined)
    expect(store.receive(part(2, whole.slice(20)))).toBe('new')
    expect([store.folded.conversation.title, store.cursor()]).toEqual(['parts', 'epoch000-9'])
  })

  it('a broken snapshot is a loss; one of a newer reducer closes the session, for this page is too old', () => {
    const { store, events } = setUp()
    store.forget()
    const snapshot = (reducerVersion: number) =>
      events.control('snapshot', { part: 1, parts: 1, reducerVersion, state: '{' }, events.head)
    expect(store.receive(snapshot(1))).toBe('lost')
    expect(store.folded.closed).toBe(null)
    expect(store.receive(snapshot(99))).toBe('useless')
    expect(store.folded.closed).toBe('conflict')
  })

  it('a snapshot meant for another tab takes nothing back', () => {
    const { store, events, title } = setUp()
    const early = events.snapshot()
    store.receive(title('1'))
    store.receive(early)
    store.receive(title('2'))
    store.fold(0)
    expect([store.folded.conversation.title, store.cursor()]).toEqual(['2', 'epoch000-2'])
  })

  it('I12 a message that is not what was written is a loss once', () => {
    const { store, events } = setUp()
    const diverge = () => {
      store.receive(events.stored('message_started', { messageId: 'm', role: 'assistant' }))
      store.receive(events.stored('message_chunk', { messageId: 'm', content: 'wrong', isComplete: false }))
      store.receive(
        events.stored('message_completed', { messageId: 'm', sessionId: 's1', finalContent: 'right' }),
      )
      return store.fold(0).intact
    }
    expect(diverge()).toBe(false)
    expect(store.cursor()).toBe(undefined)
    store.receive(
      events.snapshot({ ...initialConversation('s1'), position: { epoch: 'epoch000', offset: 3 } }),
    )
    expect(diverge()).toBe(true)
  })

  it('knows by a heartbeat, and by caught_up, that something was lost', () => {
    const { store, events, title } = setUp()
    expect(store.expect(events.head)).toBe(true)
    title('never received')
    expect(store.expect(events.head)).toBe(false)
    const other = setUp()
    other.title('never received')
    expect(other.store.receive(other.events.caughtUp())).toBe('lost')
  })

  it('begins from a state kept from before only when nothing better is known', () => {
    const { events } = setUp()
    const kept = {
      ...reduceConversation(initialConversation('s1'), [events.stored('session_updated', { title: 'kept' })]),
    }
    const store = new SessionStore('s1')
    store.restore(kept)
    expect([store.folded.conversation.title, store.folded.loaded, store.cursor()]).toEqual([
      'kept',
      true,
      'epoch000-1',
    ])
    const late = setUp().store
    late.restore(kept)
    expect(late.folded.conversation.title).toBe('')
  })

  it('changes nothing that is shown when nothing happened', () => {
    const { store } = setUp()
    const before = store.folded
    store.fold(1)
    expect(store.receive(setUp().events.caughtUp())).toBe('new')
    expect(store.folded).toBe(before)
  })
})
