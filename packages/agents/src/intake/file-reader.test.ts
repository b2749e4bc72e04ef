import { afterEach, describe, expect, it } from 'vitest'
import { pdfOf } from '../testing/pdf-file.ts'
import { createFileReader, type FileReader, type FileReaderOptions } from './file-reader.ts'
import type { FileToRead } from './read-file.ts'

let reader: FileReader | undefined
afterEach(() => reader?.close())

function open(options: FileReaderOptions = {}): FileReader {
  return (reader = createFileReader(options))
}

function read(
  from: FileReader,
  kind: FileToRead['kind'],
  bytes: Uint8Array,
  signal = new AbortController().signal,
) {
  return from.read({ kind, bytes }, { signal, onProgress: () => undefined })
}

const LONG = pdfOf(Array.from({ length: 1_500 }, (_, page) => [`Page ${String(page)}.`]))
const SMALL = pdfOf([['Small.']])

describe('the process that reads files', () => {
  it('reads one after the other and tells how far it is', async () => {
    const shares: number[] = []
    const from = open()
    const bytes = pdfOf([['One.'], ['Two.']])
    const signal = new AbortController().signal
    const { text } = await from.read(
      { kind: 'pdf', bytes },
      { signal, onProgress: (share) => shares.push(share) },
    )
    expect([text, shares]).toEqual(['One.\n\nTwo.', [0.5, 1]])
    expect((await read(from, 'markdown', Buffer.from('# Next'))).text).toBe('# Next')
  })

  it('is killed when a file takes too long, and another reads the next file', async () => {
    const from = open({ limitMs: 100 })
    await expect(read(from, 'pdf', LONG)).rejects.toMatchObject({ name: 'IntakeFault', code: 'too_slow' })
    from.close()
    expect((await read(open(), 'pdf', SMALL)).text).toBe('Small.')
  })

  it('dies of a bomb rather than take more memory than it may, and another reads the next file', async () => {
    const bomb = pdfOf([], { contents: [Buffer.alloc(150_000_000, 'a ')] })
    expect(bomb.length).toBeLessThan(2_000_000)
    const from = open({ memoryBytes: 220_000_000 })
    await expect(read(from, 'pdf', bomb)).rejects.toMatchObject({ name: 'IntakeFault', code: 'too_large' })
    expect((await read(from, 'pdf', SMALL)).text).toBe('Small.')
  }, 60_000)

  it('is let go when its file is given up', async () => {
    const abort = new AbortController()
    const from = open()
    const reading = read(from, 'pdf', LONG, abort.signal)
    abort.abort(new Error('removed'))
    await expect(reading).rejects.toThrow('removed')
    expect((await read(from, 'pdf', SMALL)).text).toBe('Small.')
  })
})
