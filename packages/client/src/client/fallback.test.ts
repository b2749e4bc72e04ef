import { expect, it } from 'vitest'
import { createStreamClient } from '../stream-client.ts'
import { createFakeEnvironment } from '../testing/fake-environment.ts'
import { FakeHub } from '../testing/fake-hub.ts'
// What is loaded at need is at hand here: loading takes real time, which the fake clock does not wait for.
import '../transports/polling.ts'

it('P9 a mute proxy: long-polling goes on from the same cursor, and the stream is taken again', async () => {
  const hub = new FakeHub()
  const environment = createFakeEnvironment({ fetch: hub.fetch })
  const client = createStreamClient({ environment, share: 'off' })
  const session = client.session('s1')
  const told: string[] = []
  session.on('session_updated', ({ data }) => told.push(data.title ?? ''))
  const title = (text: string): void => {
    hub.append('s1', { type: 'session_updated', data: { title: text } })
  }
  await environment.advance(300)
  title('streamed')
  await environment.advance(300)
  hub.drop()
  hub.mute()
  title('polled')
  for (let waited = 0; waited < 120_000; waited += 1_000) await environment.advance(1_000)
  expect(session.connection.getSnapshot()).toMatchObject({
    status: 'open',
    phase: 'live',
    transport: 'polling',
  })
  expect(hub.requests.find(({ path }) => path.endsWith('/updates'))?.query.get('after')).toBe('epoch0001-1')
  title('live')
  await environment.advance(3_000)
  expect(told).toEqual(['streamed', 'polled', 'live'])
  hub.mute(false)
  for (let waited = 0; waited < 310_000; waited += 10_000) await environment.advance(10_000)
  expect(session.connection.getSnapshot()).toMatchObject({ phase: 'live', transport: 'sse' })
  title('streamed again')
  await environment.advance(300)
  expect(told).toEqual(['streamed', 'polled', 'live', 'streamed again'])
  expect(session.getSnapshot().conversation).toEqual(hub.stream('s1').state)
  client.close()
})
