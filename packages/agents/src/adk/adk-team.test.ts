import { afterEach, describe, expect, it } from 'vitest'
import { startAdkServer, type AdkServer, type AdkServerOptions } from '../testing/adk-server.ts'
import { createMemoryRun } from '../testing/memory-run.ts'
import { readAdkSettings } from './adk-client.ts'
import { createAdkTeam } from './adk-team.ts'

let server: AdkServer | undefined
afterEach(() => server?.close())

function said(author: string, text: string, more: object = {}): object {
  const content = { role: 'model', parts: [{ text }] }
  return { invocationId: 'e-1', id: 'x', timestamp: 1_700_000_000.5, author, content, actions: {}, ...more }
}

function called(author: string, name: string): object {
  const parts = [{ functionCall: { id: 'adk-1', name, args: { query: 'tea' } } }]
  return { ...said(author, ''), content: { role: 'model', parts }, usageMetadata: { promptTokenCount: 20 } }
}

const EVENTS = [
  called('researcher', 'search_web'),
  {
    ...said('researcher', ''),
    content: { role: 'user', parts: [{ functionResponse: { name: 'search_web' } }] },
  },
  said('writer', 'Steep it ', { partial: true }),
  said('writer', 'for four minutes.', { partial: true }),
  said('writer', 'Steep it for four minutes.', {
    usageMetadata: { promptTokenCount: 30, candidatesTokenCount: 12 },
  }),
  said('critic', 'Agreed.'),
]

async function ask(options: AdkServerOptions, app = 'desk') {
  server = await startAdkServer(options)
  const memory = createMemoryRun({ question: 'How long does tea steep?' })
  const { run } = memory
  const team = createAdkTeam({ baseUrl: server.url, app })
  const done = team.run({ run, signal: run.writer.signal })
  return { memory, done, team, server }
}

describe('a team on an ADK server', () => {
  it('tells what its agents do, streams what they say once, and sums what they used', async () => {
    const { memory, done } = await ask({ events: EVENTS })
    expect(await done).toEqual({ inputTokens: 50, outputTokens: 12 })
    expect(memory.answer()).toMatchObject({
      content: 'Steep it for four minutes.\n\nAgreed.',
      status: 'complete',
      integrity: 'complete',
    })
    const agents = memory.state().runs.at(-1)?.agents ?? []
    expect(agents.map(({ name, status }) => [name, status])).toEqual([
      ['researcher', 'completed'],
      ['writer', 'completed'],
      ['critic', 'completed'],
    ])
    const tasks = memory.drafts.filter((draft) => draft.type === 'agent_progress').map((draft) => draft.data)
    expect(tasks).toMatchObject([{ currentTask: 'Using search_web', estimatedTimeRemaining: null }])
    expect(memory.drafts.some((draft) => draft.type === 'message_chunk')).toBe(true)
    expect(server?.asked).toMatchObject([
      {
        appName: 'desk',
        userId: 'user-1',
        sessionId: 'session-1',
        streaming: true,
        newMessage: { role: 'user', parts: [{ text: 'How long does tea steep?' }] },
      },
    ])
  })

  it('asks on in the session that is there already', async () => {
    const { done, team } = await ask({ events: EVENTS })
    await done
    const { run } = createMemoryRun({ question: 'And green tea?', runId: 'r_2' })
    await team.run({ run, signal: run.writer.signal })
    expect(server?.asked).toHaveLength(2)
  })

  it.each([
    ['has no such app', 'not_found', { events: [] }, 'other'],
    ['fails', 'server_error', { events: [], status: 500 }, 'desk'],
    ['refuses', 'auth_error', { events: [], status: 403 }, 'desk'],
    ['is busy', 'rate_limited', { events: [], status: 429 }, 'desk'],
    ['breaks off', 'network_error', { events: EVENTS.slice(0, 3), cut: true }, 'desk'],
    ['reports an error', 'server_error', { events: [{ error: 'Traceback: secret' }] }, 'desk'],
    ['says nothing', 'server_error', { events: EVENTS.slice(0, 2) }, 'desk'],
  ] as const)('tells what can be done when the server %s', async (_, code, options, app) => {
    const { done } = await ask(options, app)
    const error: unknown = await done.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'StreamError', code })
    expect(String(error)).not.toMatch(/internal|secret|Traceback/)
  })

  it('leaves the server when the run is cancelled, and keeps what was said', async () => {
    const { memory, done, server } = await ask({ events: EVENTS.slice(0, 3), stall: true })
    const ended = expect(done).rejects.toThrow()
    await expect.poll(() => memory.drafts.some((draft) => draft.type === 'message_chunk')).toBe(true)
    memory.cancel()
    await ended
    await expect.poll(() => server.left()).toBe(1)
    expect(memory.answer().content).toBe('Steep it ')
  })
})

describe('readAdkSettings', () => {
  it('takes BACKEND_URL for an ADK server where ADK_APP names an app of it', () => {
    expect(readAdkSettings({ BACKEND_URL: 'http://adk:8000/', ADK_APP: 'desk' })).toEqual({
      baseUrl: 'http://adk:8000',
      app: 'desk',
    })
    expect(readAdkSettings({ BACKEND_URL: 'http://hub:4000' })).toBeUndefined()
    expect(() => readAdkSettings({ ADK_APP: 'desk' })).toThrow('BACKEND_URL')
  })
})
