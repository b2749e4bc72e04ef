// @vitest-environment happy-dom
import { act, cleanup, fireEvent, render } from '@testing-library/react'
import { StrictMode, Suspense, startTransition, use, useState } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, describe, expect, it } from 'vitest'
import { createWorld } from './testing/world.tsx'
import { useConversation } from './use-conversation.ts'

afterEach(cleanup)

function Title({ id }: { readonly id: string }) {
  const { title, messages } = useConversation(id)
  return (
    <p data-testid={id}>
      {title}: {messages.map(({ content }) => content).join(' ')}
    </p>
  )
}

describe('a conversation in React', () => {
  it('several sessions at once, each with its own events, over one stream', async () => {
    const { wrapper: Wrapper, advance, hub } = createWorld()
    const ids = ['s1', 's2', 's3']
    const { getByTestId } = render(
      <StrictMode>
        <Wrapper>
          {ids.map((id) => (
            <Title key={id} id={id} />
          ))}
        </Wrapper>
      </StrictMode>,
    )
    await advance(500)
    for (let round = 0; round < 5; round++) {
      for (const id of ids) {
        const messageId = `${id}-${String(round)}`
        const parentId = round === 0 ? null : `${id}-${String(round - 1)}`
        hub.append(id, { type: 'user_message', data: { messageId, content: messageId }, parentId })
      }
      await advance(50)
    }
    for (const id of ids) {
      const said = Array.from({ length: 5 }, (_, round) => `${id}-${String(round)}`).join(' ')
      expect(getByTestId(id).textContent).toBe(`${id}-0: ${said}`)
    }
    expect(hub.readers).toBe(1)
  })

  it('a tree that suspends misses nothing and leaves nothing behind', async () => {
    const { wrapper: Wrapper, advance, hub, client } = createWorld()
    let resolve = (_: string): void => undefined
    const later = new Promise<string>((settle) => {
      resolve = settle
    })
    function Late() {
      return <i>{use(later)}</i>
    }
    const view = await act(() =>
      Promise.resolve(
        render(
          <Wrapper>
            <Suspense fallback={<b>waiting</b>}>
              <Title id="s1" />
              <Late />
            </Suspense>
          </Wrapper>,
        ),
      ),
    )
    await advance(500)
    expect(view.container.textContent).toBe('waiting')
    // What is not shown watches nothing.
    expect(hub.readers).toBe(0)
    hub.append('s1', { type: 'session_updated', data: { title: 'meanwhile' } })
    await act(async () => {
      resolve('here')
      await later
    })
    await advance(500)
    hub.append('s1', { type: 'session_updated', data: { title: 'and after' } })
    await advance(100)
    expect(view.container.textContent).toBe('and after: here')
    expect(hub.readers).toBe(1)
    view.unmount()
    await advance(60_000)
    expect([hub.readers, client.connection.getSnapshot().status]).toEqual([0, 'idle'])
  })

  it('a transition to another session shows the one or the other, never a mixture', async () => {
    const { wrapper: Wrapper, advance, hub } = createWorld()
    for (const id of ['s1', 's2']) {
      hub.append(id, { type: 'session_updated', data: { title: id } })
      hub.append(id, { type: 'user_message', data: { messageId: `m-${id}`, content: `of ${id}` } })
    }
    const seen = new Set<string>()
    function Switch() {
      const [id, setId] = useState('s1')
      const { title, messages } = useConversation(id)
      seen.add(`${id} ${title} ${messages.map(({ content }) => content).join()}`)
      return (
        <button
          onClick={() => {
            startTransition(() => {
              setId('s2')
            })
          }}
        />
      )
    }
    const { getByRole } = render(
      <Wrapper>
        <Switch />
      </Wrapper>,
    )
    await advance(500)
    fireEvent.click(getByRole('button'))
    await advance(500)
    expect([...seen]).toEqual(['s1  ', 's1 s1 of s1', 's2  ', 's2 s2 of s2'])
  })

  it('hydrates what a server rendered without a complaint, and goes on from there', async () => {
    const { wrapper: Wrapper, advance, hub } = createWorld()
    hub.append('s1', { type: 'session_updated', data: { title: 'live' } })
    const tree = (
      <Wrapper>
        <Title id="s1" />
      </Wrapper>
    )
    const container = document.createElement('div')
    container.innerHTML = renderToString(tree)
    document.body.append(container)
    const complaints: unknown[] = []
    const root = await act(() =>
      Promise.resolve(
        hydrateRoot(container, tree, { onRecoverableError: (error) => complaints.push(error) }),
      ),
    )
    await advance(500)
    expect([complaints, container.textContent]).toEqual([[], 'live: '])
    act(() => {
      root.unmount()
    })
    container.remove()
  })
})
