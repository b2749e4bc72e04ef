import { StreamError } from '@throughline/protocol'
import { expect, test } from 'vitest'
import type { Sent } from './send-file.ts'
import { createUploads, MAX_UPLOADS } from './uploads.ts'

const sent = { document: { id: 'd' } } as Sent

/** A server that answers when it is told to. */
function fakeServer() {
  const open: { name: string; resolve: () => void; reject: (error: Error) => void; signal: AbortSignal }[] =
    []
  return {
    open,
    send: (file: File, { signal }: { signal: AbortSignal }) =>
      new Promise<Sent>((resolve, reject) => {
        signal.addEventListener('abort', () => {
          reject(new StreamError('stream_closed', 'cancelled'))
        })
        open.push({ name: file.name, signal, reject, resolve: () => resolve(sent) })
      }),
  }
}

const file = (name: string) => new File(['x'], name)
const turn = () => new Promise((resolve) => setTimeout(resolve, 0))

test('two files go out at a time, and the next when one has arrived', async () => {
  const server = fakeServer()
  const arrived: string[] = []
  const uploads = createUploads({
    send: server.send,
    refresh: async () => false,
    onSent: (_, name) => arrived.push(name),
  })
  uploads.add([file('a'), file('b'), file('c')])
  expect(server.open.map(({ name }) => name)).toEqual(['a', 'b'])
  server.open[0]?.resolve()
  await turn()
  expect(server.open.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  expect(arrived).toEqual(['a'])
  expect(uploads.getSnapshot().map(({ name, state }) => [name, state])).toEqual([
    ['b', 'sending'],
    ['c', 'sending'],
  ])
})

test('a file that was refused stays with its reason and stops nobody else', async () => {
  const server = fakeServer()
  const uploads = createUploads({ send: server.send, refresh: async () => false, onSent: () => undefined })
  uploads.add([file('a'), file('b'), file('c')])
  server.open[0]?.reject(new StreamError('invalid_request', 'It is encrypted.'))
  await turn()
  expect(uploads.getSnapshot()[0]).toMatchObject({
    name: 'a',
    state: 'failed',
    error: { message: 'It is encrypted.' },
  })
  expect(server.open.map(({ name }) => name)).toContain('c')
  uploads.drop(uploads.getSnapshot()[0]?.id ?? 0)
  expect(uploads.getSnapshot().map(({ name }) => name)).toEqual(['b', 'c'])
})

test('a cancelled file is gone and its request ended', async () => {
  const server = fakeServer()
  const uploads = createUploads({ send: server.send, refresh: async () => false, onSent: () => undefined })
  uploads.add([file('a')])
  uploads.drop(uploads.getSnapshot()[0]?.id ?? 0)
  await turn()
  expect(server.open[0]?.signal.aborted).toBe(true)
  expect(uploads.getSnapshot()).toEqual([])
})

test('a login that ran out is renewed once', async () => {
  let tries = 0
  const arrived: string[] = []
  const uploads = createUploads({
    send: async () => {
      if (++tries === 1) throw new StreamError('auth_error', 'expired')
      return sent
    },
    refresh: async () => true,
    onSent: (_, name) => arrived.push(name),
  })
  uploads.add([file('a')])
  await turn()
  expect([tries, arrived]).toEqual([2, ['a']])
})

test('more files than there is room for are left out and counted', () => {
  const uploads = createUploads({
    send: () => new Promise(() => undefined),
    refresh: async () => false,
    onSent: () => undefined,
  })
  expect(uploads.add(Array.from({ length: MAX_UPLOADS + 3 }, (_, n) => file(String(n))))).toBe(3)
})
