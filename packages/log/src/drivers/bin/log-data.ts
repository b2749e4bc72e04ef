#!/usr/bin/env node
import { pathToFileURL } from 'node:url'
import { backupLog, checkLog, describeCheck, repairLog, restoreLog, type CheckReport } from '../embedded.ts'

const USAGE = `Usage:
  throughline-log check   FOLDER          look at everything in a log
  throughline-log repair  FOLDER          make it usable without what is damaged; clients join again
  throughline-log backup  FOLDER TARGET   copy a log that nobody has open into an empty folder
  throughline-log restore BACKUP FOLDER   put a backup into an empty folder; clients join again
`

/** Runs one command; returns the exit code: 0 fine, 1 problems found or it failed, 2 wrong usage. */
export async function runLogData(args: readonly string[], print: (line: string) => void): Promise<number> {
  const [command, from, to] = args
  try {
    if (command === 'check' && from !== undefined) return report(await checkLog(from), print)
    if (command === 'repair' && from !== undefined) {
      report(await repairLog(from), print)
      return report(await checkLog(from), print)
    }
    if (command === 'backup' && from !== undefined && to !== undefined) {
      const { entries } = await backupLog(from, to)
      print(`${String(entries)} entries copied.`)
      return 0
    }
    if (command === 'restore' && from !== undefined && to !== undefined) {
      return report(await restoreLog(from, to), print)
    }
  } catch (error) {
    print(error instanceof Error ? error.message : String(error))
    return 1
  }
  print(USAGE)
  return 2
}

function report(found: CheckReport, print: (line: string) => void): number {
  const { ok, lines } = describeCheck(found)
  for (const line of lines) print(line)
  return ok ? 0 : 1
}

const [, script] = process.argv
if (script !== undefined && import.meta.url === pathToFileURL(script).href) {
  process.exitCode = await runLogData(process.argv.slice(2), (line) => {
    process.stdout.write(`${line}\n`)
  })
}
