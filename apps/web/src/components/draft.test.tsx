// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
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

test('what storage does not take is kept by the page, until it takes the next text or there is none', () => {
  render(<Field name="home" />)
  const write = (text: string): void => {
    act(() => {
      writeDraft('home', text)
    })
  }
  write('short')
  const full = vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new DOMException('full', 'QuotaExceededError')
  })
  write('too long')
  expect(shown('home')).toBe('too long')
  write('')
  expect(shown('home')).toBe('')
  write('long again')
  full.mockRestore()
  write('fits')
  expect([shown('home'), sessionStorage.getItem('throughline.draft.home')]).toEqual(['fits', 'fits'])
})
