import { expect, test } from 'vitest'
import { createToastQueue, MAX_TOASTS } from './toast-queue'

function stage() {
  const calls: string[] = []
  return {
    calls,
    add: ({ title }: { title?: unknown }) => calls.push(`+${String(title)}`),
    close: (id: string) => calls.push(`-${id}`),
  }
}

test('a toast waits for what shows it, and those after it are shown at once', () => {
  const queue = createToastQueue()
  queue.add({ title: 'early' })
  const place = stage()
  queue.attach(place)
  const late = queue.add({ title: 'late' })
  queue.close(late)
  expect(place.calls).toEqual(['+early', '+late', `-${late}`])
})

test('what is closed while it waits is never shown, and of many only the newest are', () => {
  const queue = createToastQueue()
  for (let index = 0; index < MAX_TOASTS + 2; index++) queue.add({ title: `n${String(index)}` })
  queue.close(queue.add({ title: 'closed' }))
  const place = stage()
  queue.attach(place)
  expect(place.calls).toEqual(['+n3', '+n4'])
})

test('what comes while nothing is attached any more waits for the next', () => {
  const queue = createToastQueue()
  const first = stage()
  queue.attach(first)()
  queue.add({ title: 'between' })
  const second = stage()
  queue.attach(second)
  expect([first.calls, second.calls]).toEqual([[], ['+between']])
})
