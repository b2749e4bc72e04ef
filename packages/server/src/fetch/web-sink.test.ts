import { expect, it } from 'vitest'
import { WebSink } from './web-sink.ts'

const bytes = (count: number): Uint8Array => new Uint8Array(count)

it('S1 is blocked at 64 KiB and drained by being read', async () => {
  const sink = new WebSink()
  let drains = 0
  sink.onDrain(() => drains++)
  expect(sink.write(bytes(60_000))).toBe('ok')
  expect(sink.write(bytes(60_000))).toBe('blocked')
  const reader = sink.stream.getReader()
  await reader.read()
  expect(drains).toBe(1)
  expect(sink.write(bytes(10))).toBe('ok')
  expect(sink.write(bytes(10_000))).toBe('blocked')
  await reader.read()
  expect(drains).toBe(2)
})

it('lets what waits be read when it is closed in order, and drops it when the reader lags', async () => {
  const whole = new WebSink()
  whole.write(bytes(10))
  whole.close('draining')
  whole.close('draining')
  const reader = whole.stream.getReader()
  expect((await reader.read()).value).toHaveLength(10)
  expect((await reader.read()).done).toBe(true)

  const cut = new WebSink()
  cut.write(bytes(100_000))
  cut.close('lagging')
  await expect(cut.stream.getReader().read()).rejects.toThrow('cut')
})

it('tells once that the reader left, and takes nothing more', async () => {
  const sink = new WebSink()
  let left = 0
  sink.onClose(() => left++)
  await sink.stream.cancel()
  expect(left).toBe(1)
  sink.leave()
  expect(left).toBe(1)
  expect(sink.write(bytes(1))).toBe('blocked')
})
