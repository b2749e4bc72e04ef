import { testLogDriver } from '../testing/driver-suite.ts'
import { createMemoryDriver } from './memory.ts'

testLogDriver(
  'memory',
  () =>
    Promise.resolve({
      open: () => Promise.resolve(createMemoryDriver()),
      destroy: () => Promise.resolve(),
    }),
  { restarts: false },
)
