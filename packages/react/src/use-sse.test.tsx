// @vitest-environment happy-dom
import { act, cleanup, renderHook } from '@testing-library/react'
import type { SSEMessage } from '@throughline/client/sse'
import { afterEach, describe, expect, it } from 'vitest'
import { createWorld } from './testing/world.tsx'
import { useSSE } from './use-sse.ts'

afterEach(cleanup)

describe('useSSE', () => {
  it('connects by itself when asked to, and tells messages, drops and returns', async () => {
    const { wrapper, advance, startAnswer, hub } = createWorld()
    const told: SSEMessage[] = []
    const attempts: number[] = []
    const { result } = renderHook(
      () =>
        useSSE({
          sessionId: 's1',
          autoConnect: true,
          onMessage: (message) => told.push(message),
          onReconnect: (attempt) => attempts.push(attempt),
        }),
      { wrapper },
    )
    expect(result.current.isConnected).toBe(false)
    await advance(500)
    expect(result.current).toMatchObject({ isConnected: true, isReconnecting: false, error: null })
    startAnswer('m1')
    await advance(100)
    expect(result.current.messages.map(({ type }) => type)).toEqual(['run_started', 'message_started'])
    expect(told).toHaveLength(2)
    hub.drop()
    await advance(0)
    expect(result.current).toMatchObject({ isConnected: false, isReconnecting: true })
    expect(attempts).toEqual([1])
    await advance(600)
    expect(result.current).toMatchObject({ isConnected: true, isReconnecting: false })
    startAnswer('m2', 'r2')
    await advance(100)
    expect(result.current.messages).toHaveLength(4)
  })

  it('waits to be told, and stops when told', async () => {
    const { wrapper, advance, hub } = createWorld()
    const { result } = renderHook(() => useSSE({ sessionId: 's1' }), { wrapper })
    await advance(500)
    expect(hub.requests).toEqual([])
    await act(async () => {
      const connected = result.current.connect()
      await Promise.all([connected, advance(500)])
    })
    expect(result.current.isConnected).toBe(true)
    act(() => {
      result.current.disconnect()
    })
    expect(result.current.isConnected).toBe(false)
  })

  it('says that it failed: no error is swallowed', async () => {
    const { wrapper, advance, hub } = createWorld()
    const errors: Error[] = []
    hub.refuse(404, {}, { title: 'Not found', status: 404, code: 'not_found' })
    const { result } = renderHook(
      () => useSSE({ sessionId: 's1', autoConnect: true, onError: (error) => errors.push(error) }),
      { wrapper },
    )
    await advance(500)
    expect(result.current).toMatchObject({ isConnected: false, error: { code: 'not_found' } })
    expect(errors).toHaveLength(1)
    await expect(result.current.connect()).resolves.toBe(undefined)
  })

  it('sends over HTTP, not over the stream', async () => {
    const { wrapper, advance, hub } = createWorld()
    const { result } = renderHook(() => useSSE({ sessionId: 's1', autoConnect: true }), { wrapper })
    await advance(500)
    await act(async () => {
      await Promise.all([result.current.sendMessage('hello'), advance(100)])
    })
    expect(hub.stream('s1').state.messages.map(({ content }) => content)).toEqual(['hello'])
  })
})
