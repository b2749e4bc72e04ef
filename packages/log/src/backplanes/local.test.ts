import { testBackplane } from '../testing/backplane-suite.ts'
import { createLocalBackplane } from './local.ts'

testBackplane('local', () => {
  const backplane = createLocalBackplane()
  return Promise.resolve({ a: backplane, b: backplane, destroy: () => backplane.close() })
})
