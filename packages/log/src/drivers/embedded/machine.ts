import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'

/** Which machine this is, and which start of it. */
export interface Machine {
  readonly machineId: string
  /** `''` where the system does not tell: then any start may be another one. */
  readonly bootId: string
}

/** This machine, as Linux names it; elsewhere by its host name. */
export async function thisMachine(): Promise<Machine> {
  const [machineId, bootId] = await Promise.all([
    readLine('/etc/machine-id'),
    readLine('/proc/sys/kernel/random/boot_id'),
  ])
  return { machineId: machineId === '' ? hostname() : machineId, bootId }
}

async function readLine(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch {
    return ''
  }
}
