// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { commandsWith, questionOf } from '../testing/turns.ts'
import type { ConversationCommands } from './conversation/commands'
import { forgetDrafts } from './draft'
import { Question } from './question'

afterEach(() => {
  cleanup()
  forgetDrafts()
})

function show(commands: ConversationCommands = commandsWith()) {
  return render(
    <Question
      message={questionOf()}
      outgoing={undefined}
      waiting={false}
      siblings={[]}
      commands={commands}
    />,
  )
}

test('a question being edited is still being edited when its turn comes back, and takes the keyboard from nobody', () => {
  const edits: string[] = []
  const { unmount } = show()
  fireEvent.click(screen.getByRole('button', { name: 'Edit' }))
  fireEvent.change(screen.getByRole('textbox'), { target: { value: 'How do I set' } })
  unmount()
  show(commandsWith({ edit: (_id, content) => edits.push(content) }))
  const editor = screen.getByRole<HTMLTextAreaElement>('textbox')
  expect(editor.value).toBe('How do I set')
  expect(document.activeElement).toBe(document.body)
  fireEvent.change(editor, { target: { value: '' } })
  expect(screen.getByRole('textbox')).toBe(editor)
  fireEvent.change(editor, { target: { value: 'How do I set cookies?' } })
  fireEvent.keyDown(editor, { key: 'Enter' })
  fireEvent.keyDown(editor, { key: 'Enter' })
  expect(edits).toEqual(['How do I set cookies?'])
  expect(screen.queryByRole('textbox')).toBe(null)
})

test('an edit that is given up leaves nothing behind', () => {
  const { unmount } = show()
  fireEvent.click(screen.getByRole('button', { name: 'Edit' }))
  fireEvent.change(screen.getByRole('textbox'), { target: { value: 'something else' } })
  fireEvent.keyDown(screen.getByRole('textbox'), { key: 'Escape' })
  unmount()
  show()
  expect(screen.queryByRole('textbox')).toBe(null)
})
