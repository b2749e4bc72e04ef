// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react'
import { createStreamClient } from '@throughline/client'
import { createFakeEnvironment, FakeHub } from '@throughline/client/testing'
import { StreamProvider } from '@throughline/react'
import { AppRouterContext } from 'next/dist/shared/lib/app-router-context.shared-runtime'
import { afterEach, expect, test, vi } from 'vitest'
import { english } from '../text/english/index.ts'
import { forgetDrafts, readDraft } from './draft'
import { HomeScreen } from './home-screen'

afterEach(() => {
  cleanup()
  forgetDrafts()
})

function open() {
  const hub = new FakeHub()
  const environment = createFakeEnvironment({ fetch: hub.fetch })
  const client = createStreamClient({ environment, share: 'off' })
  const opened: string[] = []
  const nothing = (): void => undefined
  const router = {
    push: (path: string) => void opened.push(path),
    replace: nothing,
    refresh: nothing,
    prefetch: nothing,
    back: nothing,
    forward: nothing,
    bfcacheId: '',
  }
  const view = render(
    <AppRouterContext value={router}>
      <QueryClientProvider client={new QueryClient()}>
        <StreamProvider client={client}>
          <HomeScreen />
        </StreamProvider>
      </QueryClientProvider>
    </AppRouterContext>,
  )
  const asked = (): readonly unknown[] =>
    hub.requests.flatMap(({ path, body }) => (path.endsWith('/messages') ? [body] : []))
  /** The questions that were sent, once there is one: the code that sends comes when it is needed. */
  const sent = (): Promise<readonly unknown[]> =>
    vi.waitFor(async () => {
      await act(() => environment.advance(50))
      expect(asked()).not.toEqual([])
      return asked()
    })
  return { view, opened, sent }
}

const prompt = (): HTMLTextAreaElement => screen.getByRole('textbox')

function type(value: string): void {
  fireEvent.change(prompt(), { target: { value } })
}

test('a question is asked once, and what is typed on meanwhile goes to its conversation', async () => {
  const { view, opened, sent } = open()
  type('How do I read cookies?')
  fireEvent.keyDown(prompt(), { key: 'Enter' })
  fireEvent.keyDown(prompt(), { key: 'Enter' })
  expect(prompt().value).toBe('')
  type('And how')
  expect(await sent()).toEqual([expect.objectContaining({ content: 'How do I read cookies?' })])
  expect(opened).toHaveLength(1)
  type('And how do I set them?')
  view.unmount()
  const id = opened[0]?.split('/').at(-1) ?? ''
  expect([readDraft(id), readDraft('home')]).toEqual(['And how do I set them?', ''])
})

test('an example that is asked takes nothing away that was being typed', async () => {
  const { view, opened, sent } = open()
  type('A question of my own')
  const example = english.examples[0] ?? ''
  fireEvent.click(screen.getByRole('button', { name: example }))
  fireEvent.click(screen.getByRole('button', { name: example }))
  expect(await sent()).toEqual([expect.objectContaining({ content: example })])
  view.unmount()
  expect(readDraft(opened[0]?.split('/').at(-1) ?? '')).toBe('A question of my own')
})
