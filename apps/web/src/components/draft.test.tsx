// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { forgetDrafts, moveDraft, readDraft, returnDraft, useDraft, writeDraft } from './draft.ts'

afterEach(() => {
  cleanup()
  forgetDrafts()
})

function Field({ name }: { name: string }) {
  const [text] = useDraft(name)
  return <p data-testid={name}>{text}</p>
}

const shown = (name: string): string | null => screen.getByTestId(name).textContent

test('what could not be sent comes back before what was typed since', () => {
  render(<Field name="home" />)
  act(() => {
    writeDraft('home', 'and caching')
    returnDraft('home', 'How do I read cookies')
  })
  expect(shown('home')).toBe('How do I read cookies and caching')
})

test('what is typed goes along to another place, after what is there, and is in one place only', () => {
  render(<Field name="s1" />)
  act(() => {
    writeDraft('home', 'one')
    writeDraft('s1', 'zero')
    moveDraft('home', 's1')
    moveDraft('home', 's1')
  })
  expect([shown('s1'), readDraft('home')]).toEqual(['zero\none', ''])
})

test('nothing that was typed is left for whoever signs in next', () => {
  sessionStorage.setItem('other', 'stays')
  render(<Field name="home" />)
  act(() => {
    writeDraft('home', 'secret')
    writeDraft('steer.r1', 'secret')
  })
  act(forgetDrafts)
  expect([shown('home'), readDraft('steer.r1'), sessionStorage.length]).toEqual(['', '', 1])
  sessionStorage.clear()
})
