import { join } from 'node:path'
import type { LogDriver } from '@throughline/log'
import { describeCheck, type EmbeddedDriver } from '@throughline/log/embedded'
import { openDataChannel } from './data-channel.ts'

/** The log of a data directory. */
export function logDirectory(dataDir: string): string {
  return join(dataDir, 'log')
}

/** The same driver; until it is disposed, data commands are answered from it: they work while the server runs. */
export async function answerDataCommands(driver: EmbeddedDriver, dataDir: string): Promise<LogDriver> {
  const channel = await openDataChannel(dataDir, async (request) => {
    if (request.command === 'check') return describeCheck(await driver.check())
    const { entries } = await driver.backup(logDirectory(request.target))
    return { ok: true, lines: [`${String(entries)} entries copied while the server runs.`] }
  })
  let closing: Promise<void> | undefined
  const dispose = async (): Promise<void> => {
    // A copy under way ends with the log.
    await Promise.all([driver.dispose(), channel.close()])
  }
  return { ...driver, dispose: () => (closing ??= dispose()) }
}
