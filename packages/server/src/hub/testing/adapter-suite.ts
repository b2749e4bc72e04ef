import { afterEach, describe, expect, it } from 'vitest'
import { createHubWorld, settle, type HubWorld, type HubWorldOptions } from './hub-world.ts'
import { openRaw, type RawReader, type RawReaderOptions } from './raw-reader.ts'
import { createRandom } from './random.ts'
import { createTinyGateway, offsetsOf, streamPath, type TinyGateway } from './tiny-gateway.ts'

/** A server on a real port. */
export interface ServedGateway {
  readonly port: number
  /** Bytes that wait in this process for readers, and listeners on their sockets. */
  measure(): { readonly waiting: number; readonly listeners: number; readonly sockets: number }
  close(): Promise<void>
}

export type Serve = (gateway: TinyGateway) => Promise<ServedGateway>

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i)
const caughtUp = ({ envelopes }: RawReader): boolean => envelopes.at(-1)?.type === 'caught_up'

/** What every adapter owes the hub and the gateway, over real sockets. */
export function testAdapter(name: string, serve: Serve): void {
  describe(`${name}: an adapter`, () => {
    const closers: (() => unknown)[] = []
    afterEach(async () => {
      for (const close of closers.splice(0).reverse()) await close()
    })

    async function start(options?: HubWorldOptions) {
      const world = createHubWorld(options)
      await world.createSession('a')
      const gateway = createTinyGateway(world.hub)
      const served = await serve(gateway)
      closers.push(() => served.close())
      const open = (path: string, more: Partial<RawReaderOptions> = {}): RawReader => {
        const reader = openRaw({ port: served.port, path, ...more })
        closers.push(() => {
          reader.leave()
        })
        return reader
      }
      return { world, gateway, served, open, epoch: (await world.log.head('a')).epoch }
    }

    it('sends the headers and first bytes at once', async () => {
      const { open } = await start()
      const reader = open('/stream?sessionId=a')
      await reader.until(({ body }) => body.includes('retry:'))
      expect(reader.head).toMatch(/^HTTP\/1.1 200/)
      expect(reader.head).toMatch(/^content-type: text\/event-stream/im)
      expect(reader.body).toMatch(/^: throughline\n\nretry: 3500\n/)
    })

    it('R2 resumes at every cursor with exactly the rest, then goes on live', async () => {
      const { world, open, epoch } = await start()
      await world.append('a', 60)
      const readers = range(0, 60).map((at) => open(streamPath('a', epoch, at)))
      await Promise.all(readers.map((reader) => reader.until(caughtUp)))
      await world.append('a', 2)
      for (const [at, reader] of readers.entries()) {
        await reader.until(({ envelopes }) => offsetsOf(envelopes).at(-1) === 62)
        expect(offsetsOf(reader.envelopes)).toEqual(range(at + 1, 62))
      }
    })

    it('R1 a reader cut anywhere resumes from its last whole event without gap or duplicate', async () => {
      const { world, open, epoch } = await start()
      await world.append('a', 200)
      const random = createRandom(7)
      for (let round = 0; round < 12; round++) {
        const got: number[] = []
        while (got.at(-1) !== 200) {
          const reader = open(streamPath('a', epoch, got.at(-1) ?? 0))
          const cut = Math.floor(random() * 12_000)
          await reader.until((self) => self.bytes >= cut || caughtUp(self))
          got.push(...offsetsOf(reader.envelopes))
          reader.leave()
        }
        expect(got).toEqual(range(1, 200))
      }
    })

    it('R3 many readers return at once, each from another place', async () => {
      const { world, open, epoch } = await start({ ringBytes: 8_192 })
      await world.append('a', 1_200)
      const readers = range(0, 199).map((i) => open(streamPath('a', epoch, i * 6)))
      await Promise.all(readers.map((reader) => reader.until(caughtUp)))
      for (const [i, reader] of readers.entries()) {
        expect(offsetsOf(reader.envelopes)).toEqual(range(i * 6 + 1, 1_200))
      }
    })

    it('S1 a reader that never reads costs a bounded number of bytes and is closed', async () => {
      const { world, gateway, served, open } = await start({ blockedMs: 5_000 })
      const reader = open('/stream?sessionId=a', { paused: true })
      await untilSettled(() => world.hub.stats().resumes.snapshot === 1)
      const total = await flood(world, 32)
      expect(world.hub.stats().blocked).toBe(1)
      // The kernel's buffers on both sides take some megabytes; the rest stays in the log.
      expect(gateway.taken).toBeLessThan(total / 2)
      expect(served.measure().waiting).toBeLessThan(262_144 + 131_072)
      const { taken } = gateway
      await flood(world, 4)
      expect(gateway.taken).toBe(taken)
      await world.pass(5_500)
      expect(world.hub.stats()).toMatchObject({ subscribers: 0, streams: 0, closes: { lagging: 1 } })
      reader.resume()
      await reader.until(({ isClosed }) => isClosed)
      expect(reader.isWhole).toBe(false)
    })

    it('S2 a slow reader gets exactly everything once it reads on', async () => {
      const { world, open } = await start()
      const reader = open('/stream?sessionId=a', { paused: true })
      await untilSettled(() => world.hub.stats().resumes.snapshot === 1)
      await flood(world, 32)
      expect(world.hub.stats().blocked).toBe(1)
      reader.resume()
      const { offset } = await world.log.head('a')
      await reader.until(({ envelopes }) => offsetsOf(envelopes).at(-1) === offset)
      expect(offsetsOf(reader.envelopes)).toEqual(range(1, offset))
      await world.append('a')
      await reader.until(({ envelopes }) => offsetsOf(envelopes).at(-1) === offset + 1)
    })

    it('S4 a reader that leaves while it is blocked is forgotten', async () => {
      const { world, gateway, open } = await start()
      const reader = open('/stream?sessionId=a', { paused: true })
      await untilSettled(() => world.hub.stats().resumes.snapshot === 1)
      await flood(world, 32)
      expect(world.hub.stats().blocked).toBe(1)
      reader.leave()
      await untilSettled(() => world.hub.stats().subscribers === 0)
      expect(world.hub.stats()).toMatchObject({ streams: 0, blocked: 0, closes: { left: 1 } })
      await untilSettled(() => gateway.aborted === 1)
      expect(world.timers.pending).toBe(0)
    })

    it('S5 hundreds who come and go leave nothing behind', async () => {
      const { world, served, open } = await start()
      for (let round = 0; round < 6; round++) {
        const readers = range(1, 50).map(() => open('/stream?sessionId=a'))
        await Promise.all(readers.map((reader) => reader.until(caughtUp)))
        expect(world.hub.count('ada')).toBe(50)
        for (const reader of readers) reader.leave()
        await untilSettled(() => world.hub.count() === 0 && served.measure().sockets === 0)
      }
      expect(world.hub.stats()).toMatchObject({ subscribers: 0, streams: 0, closes: { left: 300 } })
      expect(world.timers.pending).toBe(0)
    })

    it('S5 streams that end one after another on one connection add no listener to it', async () => {
      const { world, served, open } = await start({ lifetimeMs: 1_000, heartbeatMs: 1_000 })
      const reader = open('/stream?sessionId=a')
      const listeners: number[] = []
      for (let round = 0; round < 8; round++) {
        await reader.until(caughtUp)
        await world.pass(1_500)
        await reader.until(({ isWhole }) => isWhole)
        expect(reader.envelopes.at(-1)?.type).toBe('reconnect')
        await settle()
        listeners.push(served.measure().listeners)
        reader.again('/stream?sessionId=a')
      }
      expect(new Set(listeners.slice(1)).size).toBe(1)
      expect(reader.isClosed).toBe(false)
    })

    it('answers plainly: statuses, repeated headers, bodies, HEAD, and paths that are not ours', async () => {
      const { world, open } = await start()
      const empty = open('/empty')
      await empty.until(({ head }) => head !== '')
      expect(empty.head).toMatch(/^HTTP\/1.1 204/)
      expect(empty.head).toMatch(/x-one: a\r\n/i)
      expect(empty.head.match(/set-cookie: [bc]=/gi)).toHaveLength(2)
      const who = open('/who', { headers: { 'X-A': 'yes' } })
      await who.until(({ isWhole }) => isWhole)
      expect(who.body).toMatch(/^GET http \S* yes$/)
      const head = open('/stream?sessionId=a', { method: 'HEAD' })
      await head.until((self) => self.head !== '')
      expect(head.head).toMatch(/^HTTP\/1.1 200/)
      expect(world.hub.stats()).toMatchObject({ subscribers: 0, streams: 0, closes: { left: 1 } })
      const page = open('/pages/1')
      await page.until(({ isWhole }) => isWhole)
      expect(page.head).toMatch(/^HTTP\/1.1 200/)
      expect(page.body).toBe('a page')
    })

    it('reads a body as it arrives, and one read slowly slows its sender', async () => {
      const { gateway, open } = await start()
      const size = 24 * 1_048_576
      const reader = open('/sip', { method: 'POST', headers: { 'Content-Length': String(size) } })
      const part = Buffer.alloc(1_048_576, 'x')
      let sent = 0
      const send = (): void => {
        while (sent < size) {
          sent += part.length
          if (!reader.socket.write(part)) break
        }
      }
      reader.socket.on('drain', send)
      send()
      await settle()
      await settle()
      expect(gateway.read).toBe(0)
      expect(sent).toBeLessThan(size)
      gateway.release()
      await reader.until(({ isWhole }) => isWhole)
      expect(reader.body).toBe(String(size))
    })

    it('an answer given before the body was read reaches the sender', async () => {
      const { open } = await start()
      const reader = open('/small-body', { method: 'POST', headers: { 'Content-Length': '300000' } })
      reader.socket.write(Buffer.alloc(200_000, 'x'))
      await reader.until(({ isWhole }) => isWhole)
      expect(reader.head).toMatch(/^HTTP\/1.1 413/)
      expect(reader.body).toBe('too large')
    })

    it('P8 a sender that breaks off in its body is an aborted request, not a crash', async () => {
      const { gateway, open } = await start()
      const reader = open('/body', { method: 'POST', headers: { 'Transfer-Encoding': 'chunked' } })
      reader.socket.write('5\r\nhello\r\n5\r\nhe')
      await untilSettled(() => gateway.read >= 5)
      reader.leave()
      await untilSettled(() => gateway.aborted === 1)
    })
  })
}

/** Appends `megabytes` of events and lets them flow as far as they go; answers the bytes appended. */
async function flood(world: HubWorld, megabytes: number): Promise<number> {
  const filler = 'x'.repeat(32_000)
  for (let i = 0; i < megabytes * 32; i++) {
    await world.log.append('a', [{ type: 'note', data: { filler } }])
    if (i % 16 === 0) await settle()
  }
  for (let turn = 0; turn < 10; turn++) await settle()
  return megabytes * 32 * filler.length
}

/** Waits, turn by turn of the event loop, until `test` holds. */
async function untilSettled(test: () => boolean): Promise<void> {
  for (let turn = 0; turn < 5_000; turn++) {
    if (test()) return
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error('it never happened')
}
