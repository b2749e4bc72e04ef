import { expect, test } from 'vitest'
import { createLastSeen, MAX_SEEN, type SeenStorage } from './last-seen.ts'

function shelf(): SeenStorage {
  const kept = new Map<string, string>()
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
  }
}

const run = (id: string, endedAt: number | null) => ({ id, endedAt })

test('a conversation seen for the first time is old, however much of it has ended', () => {
  const seen = createLastSeen(shelf)
  expect(seen.look('s', [run('a', 10), run('b', null)])).toBeUndefined()
})

test('a run that ends while the reader looks is told once', () => {
  const storage = shelf()
  const seen = createLastSeen(() => storage)
  expect(seen.look('s', [run('a', null)])).toBeUndefined()
  expect(seen.look('s', [run('a', 10)])?.id).toBe('a')
  expect(seen.look('s', [run('a', 10)])).toBeUndefined()
})

test('what ended while the reader was away is told when they come back, the last of it, and not at the next reload', () => {
  const storage = shelf()
  createLastSeen(() => storage).look('s', [run('a', 10), run('b', null)])
  const back = [run('a', 10), run('b', 20), run('c', 30)]
  expect(createLastSeen(() => storage).look('s', back)?.id).toBe('c')
  expect(createLastSeen(() => storage).look('s', back)).toBeUndefined()
})

test('a question asked here that is over before its screen shows is told all the same', () => {
  const storage = shelf()
  const asked = createLastSeen(() => storage)
  asked.begin('s')
  expect(asked.look('s', [run('a', 10)])?.id).toBe('a')
  asked.begin('s')
  expect(asked.look('s', [run('a', 10)])).toBeUndefined()
})

test('what was told elsewhere on the page is not told again', () => {
  const storage = shelf()
  const seen = createLastSeen(() => storage)
  seen.look('s', [run('a', null)])
  seen.told('s', 10)
  expect(seen.look('s', [run('a', 10)])).toBeUndefined()
  expect(seen.look('s', [run('a', 10), run('b', 11)])?.id).toBe('b')
})

test('only so many conversations are remembered, those looked at last', () => {
  const storage = shelf()
  const seen = createLastSeen(() => storage)
  for (let at = 0; at <= MAX_SEEN; at++) seen.begin(`s${String(at)}`)
  expect(seen.look('s0', [run('a', 10)])).toBeUndefined()
  expect(seen.look('s2', [run('a', 10)])?.id).toBe('a')
})

test('whoever signs out leaves nothing, and what storage holds by mistake counts as nothing', () => {
  const storage = shelf()
  const seen = createLastSeen(() => storage)
  seen.begin('s')
  seen.forget()
  expect(seen.look('s', [run('a', 10)])).toBeUndefined()
  for (const text of ['{', '{"s":1}', '[["s"],[1,2],7]']) {
    storage.setItem('throughline.seen', text)
    expect(createLastSeen(() => storage).look('s', [run('a', 10)])).toBeUndefined()
  }
})

test('without storage it holds for the page', () => {
  const seen = createLastSeen(() => {
    throw new Error('denied')
  })
  seen.look('s', [run('a', null)])
  expect(seen.look('s', [run('a', 10)])?.id).toBe('a')
  expect(seen.look('s', [run('a', 10)])).toBeUndefined()
})
