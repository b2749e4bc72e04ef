import { describe, test } from 'vitest'
import type { LogDriver } from '../log-driver.ts'
import { appendCases } from './driver-cases/appends.ts'
import type { DriverCases } from './driver-cases/case.ts'
import { producerCases } from './driver-cases/producers.ts'
import { readCases } from './driver-cases/reads.ts'
import { removalCases } from './driver-cases/removal.ts'
import { restartCases } from './driver-cases/restarts.ts'
import { runCases } from './driver-cases/runs.ts'
import { sessionCases } from './driver-cases/sessions.ts'
import { snapshotCases } from './driver-cases/snapshots.ts'

/** Where a driver under test keeps its things: empty at first. */
export interface DriverStorage {
  /** Opens a driver over it; after `dispose`, again. */
  open(): Promise<LogDriver>
  destroy(): Promise<void>
}

const GROUPS: Readonly<Record<string, DriverCases>> = {
  appends: appendCases,
  reads: readCases,
  producers: producerCases,
  runs: runCases,
  removal: removalCases,
  sessions: sessionCases,
  snapshots: snapshotCases,
}

export interface DriverSuiteOptions {
  /** Whether it keeps anything when it is disposed. Default `true`; a driver in memory has no restarts to test. */
  readonly restarts?: boolean
}

/** The contract of `LogDriver` as vitest cases: a driver that passes them is one. `makeStorage` is called per case. */
export function testLogDriver(
  name: string,
  makeStorage: () => Promise<DriverStorage>,
  { restarts = true }: DriverSuiteOptions = {},
): void {
  describe(`log driver ${name}`, () => {
    for (const [group, cases] of Object.entries(GROUPS)) {
      describe(group, () => {
        for (const [title, run] of Object.entries(cases)) {
          test(title, async () => {
            const storage = await makeStorage()
            const driver = await storage.open()
            try {
              await run(driver)
            } finally {
              await driver.dispose()
              await storage.destroy()
            }
          })
        }
      })
    }
    if (restarts) {
      describe('restarts', () => {
        for (const [title, run] of Object.entries(restartCases)) {
          test(title, async () => {
            const storage = await makeStorage()
            try {
              await run(await storage.open(), () => storage.open())
            } finally {
              await storage.destroy()
            }
          })
        }
      })
    }
  })
}
