import { expect, test } from 'vitest'
import { safeLink } from './links.ts'

test.each(['https://example.org/a', 'http://example.org/', 'mailto:a@example.org'])(
  '%s may be clicked',
  (href) => {
    expect(safeLink(href)).toBe(href)
  },
)

test.each([
  'javascript:alert(1)',
  ' java\nscript:alert(1)',
  'data:text/html,x',
  'file:///etc/passwd',
  '/docs/page',
  '#x',
  '',
])('%j is shown as text', (href) => {
  expect(safeLink(href)).toBeUndefined()
})
