import { describe, expect, it } from 'vitest'
import { createClientWorld } from '../testing/client-world.ts'

describe('listening', () => {
  it('tells each event once, in order, after it was folded', async () => {
    const { session, watch, advance, startMessage, chunk } = createClientWorld()
    await watch()
    startMessage('m1')
    const seen: [string, string | undefined][] = []
    session.on('message_chunk', ({ data }) =>
      seen.push([data.content, session.getSnapshot().messages[0]?.content]),
    )
    chunk('m1', 'a')
    chunk('m1', 'b')
    await advance(100)
    expect(seen).toEqual([
      ['a', 'ab'],
      ['b', 'ab'],
    ])
  })

  it('a listener that throws is reported and disturbs nobody', async () => {
    const { session, environment, watch, advance, startMessage, client } = createClientWorld()
    await watch()
    const heard: string[] = []
    session.on('message_started', () => {
      throw new Error('mine')
    })
    session.on('message_started', () => heard.push('session'))
    client.on('message_started', ({ sessionId }) => heard.push(sessionId))
    startMessage('m1')
    await advance(100)
    expect(heard).toEqual(['session', 's1'])
    expect(environment.errors).toEqual([new Error('mine')])
  })

  it('hands on types it does not know, and no known one whose data is malformed', async () => {
    const { hub, session, watch, advance } = createClientWorld()
    await watch()
    const seen: string[] = []
    session.on('tool_called', ({ type }) => seen.push(type))
    session.on('message_started', ({ type }) => seen.push(type))
    hub.append('s1', { type: 'tool_called', data: { any: 1 } })
    hub.append('s1', { type: 'message_started', data: { role: 7 } })
    await advance(100)
    expect(seen).toEqual(['tool_called'])
    expect(session.getRecent().map(({ type }) => type)).toEqual(['tool_called', 'message_started'])
  })

  it('iterates events until aborted', async () => {
    const { session, advance, startMessage, chunk, hub } = createClientWorld()
    const controller = new AbortController()
    const seen: string[] = []
    const done = (async () => {
      for await (const { data } of session.events({ types: ['message_chunk'], signal: controller.signal })) {
        seen.push(data.content)
      }
    })()
    await advance(300)
    expect(hub.readers).toBe(1)
    startMessage('m1')
    chunk('m1', 'a')
    chunk('m1', 'b')
    await advance(100)
    controller.abort()
    await done
    expect(seen).toEqual(['a', 'b'])
  })

  it('ends the iteration of a session that is deleted', async () => {
    const { session, client, advance } = createClientWorld()
    const types: string[] = []
    const done = (async () => {
      for await (const { type } of session.events()) types.push(type)
    })()
    await advance(300)
    await client.deleteSession('s1')
    await advance(100)
    await done
    expect(types.at(-1)).toBe('session_closed')
  })
})

describe('signs of activity', () => {
  it('are shown and lapse after 10 s or with their run', async () => {
    const { hub, session, watch, advance, startRun } = createClientWorld()
    await watch()
    startRun()
    hub.signal('s1', 'typing_indicator', { isTyping: true, agentId: 'writer' }, { runId: 'r1' })
    hub.signal('s1', 'thinking_status', { isThinking: true, status: 'reading' })
    await advance(100)
    expect(session.getSnapshot().activity).toMatchObject([
      { kind: 'typing', agentId: 'writer', runId: 'r1', label: null },
      { kind: 'thinking', agentId: null, runId: null, label: 'reading' },
    ])
    hub.append('s1', { type: 'run_completed', data: { runId: 'r1', status: 'completed' }, runId: 'r1' })
    await advance(100)
    expect(session.getSnapshot().activity.map(({ kind }) => kind)).toEqual(['thinking'])
    await advance(10_000)
    expect(session.getSnapshot().activity).toEqual([])
  })

  it('stop when told, and never move the cursor', async () => {
    const { hub, session, watch, advance } = createClientWorld()
    await watch()
    hub.signal('s1', 'typing_indicator', { isTyping: true })
    await advance(100)
    const { position } = session.getSnapshot().conversation
    hub.signal('s1', 'typing_indicator', { isTyping: false })
    await advance(100)
    expect(session.getSnapshot().activity).toEqual([])
    expect(session.getSnapshot().conversation.position).toEqual(position)
  })
})
