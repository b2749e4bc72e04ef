import { onTestFailed } from 'vitest'
import { chooseSeed, createRandom, type Random } from './random.ts'

/** The random numbers of one test; a failure prints how to have the same again. */
export function testRandom(): Random {
  const random = createRandom(chooseSeed())
  onTestFailed(() => {
    console.error(`seed: FAULT_SEED=${random.seed}`)
  })
  return random
}
