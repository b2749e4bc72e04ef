import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testLogDriver } from '../testing/driver-suite.ts'
import { openEmbedded } from './embedded.ts'

for (const durability of ['os', 'fsync'] as const) {
  testLogDriver(`embedded, ${durability}`, async () => {
    const directory = await mkdtemp(join(tmpdir(), 'throughline-'))
    return {
      open: () => openEmbedded({ directory, durability }),
      destroy: () => rm(directory, { recursive: true }),
    }
  })
}
