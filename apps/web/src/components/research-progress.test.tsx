// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import type { Run } from '@throughline/protocol'
import { afterEach, expect, test } from 'vitest'
import { commandsWith, runOf } from '../testing/turns.ts'
import type { ConversationCommands } from './conversation/commands'
import { forgetDrafts } from './draft'
import { ResearchProgress } from './research-progress'

afterEach(() => {
  cleanup()
  forgetDrafts()
})

const ENDED = { status: 'completed', endedAt: 1, endOffset: 9 } as const

function progressOf(run: Run, commands: ConversationCommands = commandsWith()) {
  return <ResearchProgress run={run} commands={commands} show={() => undefined} />
}

const box = (): HTMLInputElement => screen.getByRole('textbox')

function type(text: string): void {
  box().focus()
  fireEvent.change(box(), { target: { value: text } })
}

test('a word that the end of the run overtakes stays under the fingers that type it, and is asked next', () => {
  const asked: string[] = []
  const commands = commandsWith({ ask: (content) => asked.push(content) })
  const { rerender } = render(progressOf(runOf(), commands))
  type('also cov')
  const typed = box()
  rerender(progressOf(runOf(ENDED), commands))
  expect(box()).toBe(typed)
  expect([box().value, document.activeElement]).toEqual(['also cov', typed])
  type('also cover headers')
  fireEvent.click(screen.getByRole('button', { name: 'Ask next' }))
  expect(asked).toEqual(['also cover headers'])
  expect(screen.queryByRole('textbox')).toBe(null)
})

test('a word on its way takes nothing along that is typed meanwhile, and comes back before it when it was not told', async () => {
  const answers: ((applied: boolean) => void)[] = []
  const told: string[] = []
  const steer: ConversationCommands['steer'] = (content) => {
    told.push(content)
    return new Promise((resolve) => answers.push(resolve))
  }
  render(progressOf(runOf(), commandsWith({ steer })))
  type('also headers')
  fireEvent.submit(screen.getByTestId('steer'))
  fireEvent.submit(screen.getByTestId('steer'))
  expect([box().value, told]).toEqual(['', ['also headers']])
  type('and caching')
  answers[0]?.(true)
  await Promise.resolve()
  expect(box().value).toBe('and caching')
  fireEvent.submit(screen.getByTestId('steer'))
  type('quickly')
  answers[1]?.(false)
  await waitFor(() => {
    expect(box().value).toBe('and caching quickly')
  })
})

test('a word survives closing the card, and the card leaving the page', () => {
  const { unmount } = render(progressOf(runOf()))
  type('also headers')
  const card = screen.getAllByRole('button')[0]
  if (card === undefined) throw new Error('no button opens the card')
  fireEvent.click(card)
  expect(screen.queryByRole('textbox')).toBe(null)
  unmount()
  render(progressOf(runOf()))
  expect(box().value).toBe('also headers')
})

test('the card closes with the end of the run, unless the keyboard is in it', () => {
  const plan = [{ id: '1', question: 'What are cookies?' }]
  const { rerender } = render(progressOf(runOf({ plan })))
  rerender(progressOf(runOf({ plan, ...ENDED })))
  expect(screen.queryByTestId('plan')).toBe(null)
  cleanup()

  const second = render(progressOf(runOf({ plan })))
  screen.getByRole('button', { name: 'Show the team at work' }).focus()
  second.rerender(progressOf(runOf({ plan, ...ENDED })))
  screen.getByTestId('plan')
})
