// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, cleanup, configure, renderHook, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { useSessions } from './query.ts'
import { createWorld } from './testing/world.tsx'

configure({ asyncUtilTimeout: 15_000 })
afterEach(cleanup)

async function setUp() {
  const world = createWorld()
  for (const id of ['s1', 's2'])
    world.hub.append(id, { type: 'session_updated', data: { title: `title of ${id}` } })
  const queryClient = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const { wrapper: Provider } = world
  const wrapper: typeof Provider = ({ children }) => (
    <QueryClientProvider client={queryClient}>
      <Provider>{children}</Provider>
    </QueryClientProvider>
  )
  let renders = 0
  const hook = renderHook(() => (renders++, useSessions()), { wrapper })
  await waitFor(() => {
    expect(hook.result.current.isPending).toBe(false)
  })
  const titles = (): readonly string[] => hook.result.current.sessions.map(({ title }) => title)
  const lists = (): number => world.hub.requests.filter(({ path }) => path === '/api/sessions').length
  return { ...world, hook, titles, lists, renders: () => renders }
}

describe('useSessions', () => {
  it('lists the newest first', async () => {
    const { titles } = await setUp()
    expect(titles()).toEqual(['title of s2', 'title of s1'])
  })

  it('is patched by lifecycle events without asking again, and never by tokens', async () => {
    const { hook, titles, lists, renders, client, advance, hub, startAnswer, chunk } = await setUp()
    client.session('s1').subscribe(() => undefined)
    await advance(500)
    const asked = lists()
    hub.append('s1', { type: 'session_updated', data: { title: 'renamed' } })
    hub.append('s1', {
      type: 'run_queued',
      data: { runId: 'r1', kind: 'message', messageId: 'q' },
      runId: 'r1',
    })
    await advance(100)
    await waitFor(() => {
      expect(titles()).toEqual(['renamed', 'title of s2'])
    })
    expect(hook.result.current.sessions[0]?.active).toBe(true)
    startAnswer('m1')
    await advance(100)
    const before = renders()
    for (let at = 0; at < 50; at++) chunk('m1', '.')
    await advance(200)
    expect(renders()).toBe(before)
    hub.append('s1', { type: 'run_completed', data: { runId: 'r1', status: 'completed' }, runId: 'r1' })
    await advance(100)
    await waitFor(() => {
      expect(hook.result.current.sessions[0]?.active).toBe(false)
    })
    expect(lists()).toBe(asked)
  })

  it('shows a command at once and takes it back when the server refuses', async () => {
    const { hook, titles, hub } = await setUp()
    hub.refuse(403)
    await act(async () => {
      const renamed = hook.result.current.renameSession('s1', 'mine')
      await Promise.resolve()
      await expect(renamed).rejects.toMatchObject({ status: 403 })
    })
    await waitFor(() => {
      expect(titles()).toEqual(['title of s2', 'title of s1'])
    })
    await act(() => hook.result.current.deleteSession('s2'))
    await waitFor(() => {
      expect(titles()).toEqual(['title of s1'])
    })
    await act(() => hook.result.current.restoreSession('s2'))
    await waitFor(() => {
      expect(titles()).toHaveLength(2)
    })
    await act(async () => {
      await hook.result.current.createSession({ title: 'new' })
    })
    await waitFor(() => {
      expect(titles()).toContain('new')
    })
  })
})
