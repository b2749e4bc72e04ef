import { expect, it } from 'vitest'
import { createHubWorld, settle } from '../hub/testing/hub-world.ts'
import { createTinyGateway } from '../hub/testing/tiny-gateway.ts'
import { createFetchHandler } from './fetch-handler.ts'

async function start() {
  const world = createHubWorld()
  await world.createSession('a')
  return { world, handle: createFetchHandler(createTinyGateway(world.hub)) }
}

const stream = 'https://hub.test/stream?sessionId=a'

it.each(['before', 'after'])(
  'a request that is aborted %s its stream begins ends it, read or not',
  async (when) => {
    const { world, handle } = await start()
    const abort = new AbortController()
    if (when === 'before') abort.abort()
    const response = await handle(new Request(stream, { signal: abort.signal }))
    await settle()
    abort.abort()
    expect(world.hub.stats()).toMatchObject({ subscribers: 0, closes: { left: 1 } })
    await expect(response?.text()).rejects.toThrow('left')
  },
)

it('a stream that ends leaves no listener on the request', async () => {
  const { world, handle } = await start()
  const abort = new AbortController()
  const removed: string[] = []
  const { signal } = abort
  const request = new Request(stream)
  Object.defineProperty(request, 'signal', { value: signal })
  const remove = signal.removeEventListener.bind(signal)
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    removed.push(args[0])
    remove(...args)
  }
  const response = await handle(request)
  await settle()
  await world.hub.drain(0)
  expect(await response?.text()).toMatch(/event: reconnect/)
  expect(removed).toEqual(['abort'])
})

it('tells the gateway what the request tells', async () => {
  const { handle } = await start()
  const response = await handle(
    new Request('https://hub.test/who', { method: 'PUT', headers: { 'X-A': 'yes' } }),
    {
      remoteAddress: '7.7.7.7',
    },
  )
  expect(await response?.text()).toBe('PUT https 7.7.7.7 yes')
  expect(await handle(new Request('https://hub.test/pages'))).toBeUndefined()
})
