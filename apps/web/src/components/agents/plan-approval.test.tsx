// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { commandsWith, runOf } from '../../testing/turns.ts'
import type { ConversationCommands } from '../conversation/commands'
import { forgetDrafts } from '../draft'
import { PlanApproval } from './plan-approval'

afterEach(() => {
  cleanup()
  forgetDrafts()
})

const input = {
  inputId: 'i1',
  kind: 'plan_approval',
  prompt: 'Is this right?',
  options: { questions: [{ question: 'one' }, { question: 'two' }, { question: 'three' }] },
  agentId: null,
  requestedAt: 0,
}

function show(commands: ConversationCommands = commandsWith()) {
  return render(<PlanApproval run={runOf({ inputs: [input] })} input={input} commands={commands} />)
}

const lines = (): HTMLInputElement[] => screen.getAllByRole('textbox')
const values = (): string[] => lines().map(({ value }) => value)

test('a plan being changed is as it was when its card comes back, until it is decided', async () => {
  const decided: unknown[] = []
  const { unmount } = show()
  fireEvent.change(screen.getByRole('textbox', { name: 'Question 2 of the plan' }), { target: { value: '' } })
  fireEvent.change(screen.getByRole('textbox', { name: 'Question 1 of the plan' }), {
    target: { value: 'first' },
  })
  unmount()
  const again = show(
    commandsWith({
      resolve: (...decision) => {
        decided.push(decision)
        return Promise.resolve(true)
      },
    }),
  )
  expect(values()).toEqual(['first', '', 'three'])
  fireEvent.click(screen.getByRole('button', { name: 'Approve changes' }))
  expect(decided).toEqual([['i1', 'edit', { questions: ['first', 'three'] }]])
  await waitFor(() => {
    expect(sessionStorage.length).toBe(0)
  })
  again.unmount()
  show()
  expect(values()).toEqual(['one', 'two', 'three'])
})

test('a question that is added is written at once, and one that is removed leaves the keyboard in the next', () => {
  show()
  fireEvent.click(screen.getByRole('button', { name: 'Add a question' }))
  expect(document.activeElement).toBe(lines()[3])
  const remove = screen.getByRole('button', { name: 'Remove question 2' })
  remove.focus()
  fireEvent.click(remove)
  expect(values()).toEqual(['one', 'three', ''])
  expect(document.activeElement).toBe(lines()[1])
})
