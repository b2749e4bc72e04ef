import { describe, expect, test } from 'vitest'
import { createCell, type StreamCell } from './stream-cell.ts'
import { Streams } from './streams.ts'

function createStreams(
  maxCached: number,
  known: (name: string) => boolean = () => true,
): { streams: Streams; loads: string[] } {
  const loads: string[] = []
  const streams = new Streams({
    maxCached,
    onFailure: () => undefined,
    load: async (name) => {
      loads.push(name)
      await Promise.resolve()
      return known(name) ? createCell(name, { seed: name, first: 1, head: 0 }, 'g') : undefined
    },
  })
  return { streams, loads }
}

const same = (cell: StreamCell): StreamCell => cell

describe('streams in memory', () => {
  test('a stream is loaded once, however many ask at the same time', async () => {
    const { streams, loads } = createStreams(10)
    const cells = await Promise.all(Array.from({ length: 20 }, () => streams.with('a', same)))
    expect(new Set(cells).size).toBe(1)
    expect(loads).toEqual(['a'])
  })

  test('steps are taken in the order they came, whatever each has to load', async () => {
    const { streams } = createStreams(10)
    const taken: number[] = []
    const loaded = new Set<number>()
    const take = (at: number): Promise<unknown> =>
      streams.with(
        'a',
        () => taken.push(at),
        () => (at % 3 !== 0 || loaded.has(at) ? undefined : Promise.resolve().then(() => loaded.add(at))),
      )
    await Promise.all(Array.from({ length: 30 }, (_, at) => take(at)))
    expect(taken).toEqual(Array.from({ length: 30 }, (_, at) => at))
  })

  test('what a step needs is asked for once', async () => {
    const { streams } = createStreams(10)
    await streams.with('a', same)
    let asked = 0
    let there = false
    await streams.with('a', same, () => {
      if (there) return undefined
      asked += 1
      return Promise.resolve().then(() => (there = true))
    })
    expect(asked).toBe(1)
  })

  test('only so many are kept; one in which something is under way is never forgotten', async () => {
    const { streams, loads } = createStreams(3)
    let finish = (): void => undefined
    const held = new Promise<void>((resolve) => {
      finish = resolve
    })
    const kept = streams.with('busy', () => held)
    const writing = await streams.with('writing', same)
    writing.writing += 1
    for (let at = 0; at < 50; at += 1) await streams.with(`s${String(at)}`, same)
    expect([...streams.cells()].length).toBeLessThanOrEqual(6)
    await streams.with('busy', same)
    expect(await streams.with('writing', same)).toBe(writing)
    expect(loads.filter((name) => name === 'busy' || name === 'writing')).toHaveLength(2)
    finish()
    await kept
    writing.writing -= 1
    for (let at = 50; at < 100; at += 1) await streams.with(`s${String(at)}`, same)
    await streams.with('busy', same)
    expect(loads.filter((name) => name === 'busy')).toHaveLength(2)
  })

  test('a stream that does not exist is not remembered, and one that cannot be loaded is tried again', async () => {
    const { streams, loads } = createStreams(10, () => false)
    for (let at = 0; at < 3; at += 1) {
      await expect(streams.with('none', same)).rejects.toMatchObject({ code: 'not_found' })
    }
    expect(loads).toHaveLength(3)
    expect([...streams.cells()]).toEqual([])

    let fail = true
    const flaky = new Streams({
      maxCached: 10,
      onFailure: () => undefined,
      load: (name) =>
        fail
          ? Promise.reject(new Error('disk'))
          : Promise.resolve(createCell(name, { seed: '', first: 1, head: 0 }, 'g')),
    })
    await expect(flaky.with('a', same)).rejects.toThrow('disk')
    fail = false
    await expect(flaky.with('a', same)).resolves.toBeDefined()
  })

  test('removals of a stream come one after another, appends do not wait for them', async () => {
    const { streams } = createStreams(10)
    const order: string[] = []
    let finish = (): void => undefined
    const held = new Promise<void>((resolve) => {
      finish = resolve
    })
    const first = streams.remove('a', async () => {
      order.push('first begins')
      await held
      order.push('first ends')
    })
    const second = streams.remove('a', async () => Promise.resolve(order.push('second')))
    await streams.with('a', () => order.push('append'))
    finish()
    await Promise.all([first, second])
    expect(order.indexOf('append')).toBeLessThan(order.indexOf('first ends'))
    expect(order.slice(-2)).toEqual(['first ends', 'second'])
  })

  test('after close every step is refused', async () => {
    const { streams } = createStreams(10)
    await streams.with('a', same)
    streams.close()
    expect(streams.ready('a')).toBeUndefined()
    await expect(streams.with('a', same)).rejects.toMatchObject({ code: 'server_error' })
  })
})
