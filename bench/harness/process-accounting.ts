import { readdirSync, readFileSync } from 'node:fs'

/** What Linux counts CPU time in: `sysconf(_SC_CLK_TCK)`, 100 a second wherever Node runs. */
const TICK_MS = 10

/** CPU time that these processes have used, user and system, all threads, in milliseconds. */
export function cpuMs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + usedMs(`/proc/${pid}/stat`), 0)
}

/** CPU time that a process's first thread has used, in milliseconds. */
export function mainThreadMs(pid: number): number {
  return usedMs(`/proc/${pid}/task/${pid}/stat`)
}

function usedMs(file: string): number {
  const stat = readFileSync(file, 'latin1')
  // The command's name may hold spaces; what follows its bracket does not. utime and stime are fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS
}

/** Resident memory of these processes, in bytes. */
export function residentBytes(pids: readonly number[]): number {
  return statusBytes(pids, 'VmRSS')
}

/** The part of it that is theirs alone: without the files they have mapped, which the system takes back at need. */
export function anonymousBytes(pids: readonly number[]): number {
  return statusBytes(pids, 'RssAnon')
}

function statusBytes(pids: readonly number[], field: string): number {
  let kilobytes = 0
  for (const pid of pids) {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1')
    kilobytes += Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1])
  }
  return kilobytes * 1_024
}

/** Open descriptors of these processes. */
export function descriptors(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0)
}
