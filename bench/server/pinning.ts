import { accessSync, constants } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter, join } from 'node:path'

const taskset = (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
  try {
    accessSync(join(folder, 'taskset'), constants.X_OK)
    return true
  } catch {
    return false
  }
})

/** Whether server and generator get a core each. */
export const canPin = taskset && availableParallelism() > 1

/** The command that runs another one on one core. */
export function pinned(cpu: number, command: readonly string[]): [string, ...string[]] {
  const [first = '', ...rest] = command
  return canPin ? ['taskset', '-c', String(cpu), first, ...rest] : [first, ...rest]
}
