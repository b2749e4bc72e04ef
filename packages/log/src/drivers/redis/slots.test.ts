import { expect, test } from 'vitest'
import { freePort } from '../../testing/free-port.ts'
import { startRedisServer } from '../../testing/redis-server.ts'
import { slotOf } from './slots.ts'

const KEYS = [
  '',
  '123456789',
  'throughline:{s:a}:state',
  'throughline:{s:a}:log',
  '{}whole',
  'foo{{bar}}zap',
  'a}b{c}d',
  'open{only',
  'é {ü} 漢字',
  '{漢字 😀}',
  ...Array.from({ length: 100 }, (_, at) => `key ${String(at * 7_919)}`),
]

test('a key is in the slot that Redis says', async () => {
  const server = await startRedisServer(
    '--cluster-enabled',
    'yes',
    '--cluster-port',
    String(await freePort()),
  )
  try {
    for (const key of KEYS) {
      expect(`:${String(slotOf(key))}`, key).toBe(await server.command('CLUSTER', 'KEYSLOT', key))
    }
  } finally {
    await server.dispose()
  }
})
