// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import type { SessionSummary } from '@throughline/protocol'
import { afterEach, expect, test } from 'vitest'
import type { SessionActions } from './session-actions'
import { SessionGroups } from './session-groups'

afterEach(cleanup)

const DAY_MS = 86_400_000

function session(id: string, daysAgo: number): SessionSummary {
  const at = Date.now() - daysAgo * DAY_MS
  return { id, title: `About ${id}`, archived: false, active: false, createdAt: at, updatedAt: at }
}

function listed(sessions: readonly SessionSummary[], renamed: string[] = []) {
  const actions: SessionActions = {
    rename: (id, title) => renamed.push(`${id}: ${title}`),
    archive: () => undefined,
    remove: () => undefined,
  }
  return <SessionGroups sessions={sessions} current={undefined} actions={actions} />
}

test('a conversation being renamed goes to another day with what arrives, and takes its new name and the keyboard along', () => {
  const renamed: string[] = []
  const [tea, milk] = [session('tea', 0), session('milk', 3)]
  const { rerender } = render(listed([tea, milk], renamed))
  fireEvent.keyDown(screen.getByRole('link', { name: 'About milk' }), { key: 'F2' })
  const field = screen.getByRole<HTMLInputElement>('textbox')
  field.focus()
  fireEvent.change(field, { target: { value: 'About oat milk' } })
  rerender(listed([session('milk', 0), tea], renamed))
  expect(screen.getByRole('textbox')).toBe(field)
  expect([field.value, document.activeElement, renamed]).toEqual(['About oat milk', field, []])
  fireEvent.keyDown(field, { key: 'Enter' })
  expect(renamed).toEqual(['milk: About oat milk'])
})

test('a conversation that goes leaves the keyboard with the next, the last with the one before', async () => {
  const all = ['tea', 'milk', 'water'].map((id) => session(id, 0))
  const { rerender } = render(listed(all))
  screen.getByRole('link', { name: 'About milk' }).focus()
  rerender(listed(all.filter(({ id }) => id !== 'milk')))
  const named = (name: string) => screen.getByRole('link', { name })
  await waitFor(() => {
    expect(document.activeElement).toBe(named('About water'))
  })
  rerender(listed(all.filter(({ id }) => id === 'tea')))
  await waitFor(() => {
    expect(document.activeElement).toBe(named('About tea'))
  })
})

test('a keyboard in the list stays on its conversation when the order changes', () => {
  const [tea, milk] = [session('tea', 0), session('milk', 3)]
  const { rerender } = render(listed([tea, milk]))
  const link = screen.getByRole('link', { name: 'About tea' })
  link.focus()
  rerender(listed([session('milk', 0), tea]))
  expect(document.activeElement).toBe(link)
  expect(screen.getAllByRole('heading').map(({ textContent }) => textContent)).toEqual(['Today'])
})
