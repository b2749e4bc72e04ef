import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testAgainstMemory } from '../testing/driver-model.ts'
import { openEmbedded } from './embedded.ts'

testAgainstMemory('embedded', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'throughline-'))
  return {
    open: () => openEmbedded({ directory, maxCachedStreams: 1 }),
    destroy: () => rm(directory, { recursive: true }),
  }
})
