import { describe, expect, it } from 'vitest'
import { createConnectionWorld } from '../testing/connection-world.ts'

describe('signs of life', () => {
  it('I8 any byte counts; silence for heartbeat + 10 s is dead', async () => {
    const { goLive, beat, environment, status, connection } = createConnectionWorld()
    await goLive()
    await beat(120_000)
    expect(status()).toBe('live')
    await environment.advance(24_999)
    expect(status()).toBe('live')
    await environment.advance(1)
    expect([status(), connection.getState().error?.code]).toEqual(['waiting', 'heartbeat_timeout'])
  })

  it('I8 takes the heartbeat that the hub announces, as long as that attempt lasts', async () => {
    for (const [announced, allowed] of [
      [60_000, 70_000],
      [2_000, 12_000],
      [9e12, 610_000],
    ] as const) {
      const { connection, environment, stream, events, status } = createConnectionWorld()
      connection.start()
      await environment.advance(0)
      stream.last.send(events.control('caught_up', { head: events.head, heartbeatMs: announced }))
      await environment.advance(allowed - 1)
      expect(status()).toBe('live')
      await environment.advance(1)
      expect(connection.getState().error?.code).toBe('heartbeat_timeout')
      await environment.advance(500)
      stream.last.send(events.caughtUp())
      await environment.advance(24_999)
      expect(status()).toBe('live')
      await environment.advance(1)
      expect(status()).toBe('waiting')
    }
  })

  it('B3 I8 after an hour of sleep the silence is seen on wake', async () => {
    const { goLive, environment, stream, status } = createConnectionWorld()
    await goLive()
    await environment.sleep(3_600_000)
    expect(stream.attempts[0]?.aborted).toBe(true)
    await environment.advance(500)
    expect([status(), stream.attempts.length]).toEqual(['connecting', 2])
  })

  it('I8 looks when the page is seen again, whatever timers did', async () => {
    const { goLive, environment, status, world } = createConnectionWorld()
    world.busy = true
    await goLive()
    environment.setVisible(false)
    environment.setClock(environment.now() + 3_600_000)
    expect(status()).toBe('live')
    environment.setVisible(true)
    expect(status()).toBe('waiting')
  })

  it('C5 I8 a clock set back an hour delays nothing', async () => {
    const { goLive, environment, status } = createConnectionWorld()
    await goLive()
    environment.setClock(environment.now() - 3_600_000)
    await environment.advance(25_000)
    expect(status()).toBe('waiting')
    await environment.advance(500)
    expect(status()).toBe('connecting')
  })
})

describe('the page and the network', () => {
  it('B2 offline lets go at once, online comes back within a second', async () => {
    const { goLive, environment, status, stream } = createConnectionWorld()
    await goLive()
    environment.setOnline(false)
    expect([status(), stream.last.aborted]).toEqual(['offline', true])
    await environment.advance(29_000)
    environment.setOnline(true)
    await environment.advance(999)
    expect([status(), stream.attempts.length]).toEqual(['connecting', 2])
  })

  it('does not believe offline for ever: a server on this machine can be reached', async () => {
    const { environment, connection, status, stream, events } = createConnectionWorld()
    environment.setOnline(false)
    connection.start()
    await environment.advance(29_999)
    expect([status(), stream.attempts.length]).toEqual(['offline', 0])
    await environment.advance(1)
    stream.last.send(events.caughtUp())
    await environment.advance(0)
    expect(status()).toBe('live')
  })

  it('hidden with nothing running lets go after 60 s, and comes back when seen', async () => {
    const { goLive, environment, beat, status, connection, stream } = createConnectionWorld()
    await goLive()
    environment.setVisible(false)
    await beat(59_000)
    expect(status()).toBe('live')
    await beat(2_000)
    expect([status(), connection.getState().reasons]).toEqual(['paused', ['hidden']])
    environment.setVisible(true)
    await environment.advance(0)
    expect([status(), stream.attempts.length]).toEqual(['connecting', 2])
  })

  it('hidden stays while a run is active, and 60 s longer', async () => {
    const { goLive, environment, beat, status, world } = createConnectionWorld()
    await goLive()
    world.busy = true
    environment.setVisible(false)
    await beat(600_000)
    expect(status()).toBe('live')
    world.busy = false
    await beat(130_000)
    expect(status()).toBe('paused')
  })

  it('B4 the back/forward cache gets a closed page and gives back an open one', async () => {
    const { goLive, environment, status, stream } = createConnectionWorld()
    await goLive()
    environment.emit('pagehide')
    expect([status(), stream.last.aborted]).toEqual(['paused', true])
    environment.emit('pageshow')
    await environment.advance(0)
    expect([status(), stream.attempts.length]).toEqual(['connecting', 2])
  })

  it('rests until the last reason is gone', async () => {
    const { goLive, connection, status } = createConnectionWorld()
    await goLive()
    connection.pause('user')
    connection.pause('page')
    connection.resume('user')
    expect(status()).toBe('paused')
    connection.resume('page')
    expect(status()).toBe('connecting')
  })

  it('I10 holds one timer, and after close none and no watcher', async () => {
    const { goLive, environment, connection, stream } = createConnectionWorld()
    await goLive()
    expect(environment.pending).toBe(1)
    stream.last.end()
    await environment.advance(0)
    expect(environment.pending).toBe(1)
    connection.close()
    expect([environment.pending, environment.watchers]).toEqual([0, 0])
    await environment.advance(600_000)
    expect(stream.attempts).toHaveLength(1)
  })
})
