#!/usr/bin/env node
import { mkdir } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { backupLog, checkLog, describeCheck, repairLog, restoreLog } from '@throughline/log/embedded'
import { StreamError } from '@throughline/protocol'
import { askDataChannel, type DataReply } from './data-channel.ts'
import { checkDatabases, copyFiles, databasesIn, exists, isFree } from './data-files.ts'
import { logDirectory } from './data-owner.ts'
import { fail } from './lifetime.ts'

const USAGE = `Usage, with DATA_DIR in the environment (default .data):
  npm run data:check                looks at everything; also while the server runs
  npm run data:backup -- FOLDER     copies everything into an empty folder; also while the server runs
  npm run data:restore -- BACKUP    puts a backup into an empty DATA_DIR; clients join again
  npm run data:repair               makes a damaged log usable without what is damaged; clients join again`

/** Looks at, copies, puts back or repairs a data directory: log, databases, secret. */
async function main(): Promise<DataReply> {
  const [command, argument, ...more] = process.argv.slice(2)
  const dataDir = resolve(process.env['DATA_DIR'] ?? '.data')
  if (more.length === 0 && argument === undefined) {
    if (command === 'check') return check(dataDir)
    if (command === 'repair') return repair(dataDir)
  } else if (more.length === 0 && argument !== undefined) {
    if (command === 'backup') return backUp(dataDir, resolve(argument))
    if (command === 'restore') return restore(resolve(argument), dataDir)
  }
  throw new StreamError('invalid_request', USAGE)
}

async function check(dataDir: string): Promise<DataReply> {
  await requireData(dataDir)
  const log = await checkStreams(dataDir)
  const problems = await checkDatabases(dataDir)
  return { ok: log.ok && problems.length === 0, lines: [...log.lines, ...problems] }
}

async function checkStreams(dataDir: string): Promise<DataReply> {
  if (!(await hasLog(dataDir))) return NO_LOG
  const reply = await askDataChannel(dataDir, { command: 'check' })
  return reply ?? describeCheck(await checkLog(logDirectory(dataDir)))
}

async function backUp(dataDir: string, target: string): Promise<DataReply> {
  await requireData(dataDir)
  if (!relative(dataDir, target).startsWith('..')) {
    throw new StreamError(
      'invalid_request',
      'A backup within DATA_DIR would be lost with it: name another folder.',
    )
  }
  if (!(await isFree(target)))
    throw new StreamError('invalid_request', `${target} is not empty: name an empty folder.`)
  await mkdir(target, { recursive: true, mode: 0o700 })
  // The log first: what it names is in the databases by then.
  const log = await backUpStreams(dataDir, target)
  if (!log.ok) return log
  const files = await copyFiles(dataDir, target)
  return { ok: true, lines: [...log.lines, ...(files.length > 0 ? [`Copied: ${files.join(', ')}.`] : [])] }
}

async function backUpStreams(dataDir: string, target: string): Promise<DataReply> {
  if (!(await hasLog(dataDir))) return NO_LOG
  const reply = await askDataChannel(dataDir, { command: 'backup', target })
  if (reply !== undefined) return reply
  const { entries } = await backupLog(logDirectory(dataDir), logDirectory(target))
  return { ok: true, lines: [`${String(entries)} entries copied.`] }
}

async function restore(backup: string, dataDir: string): Promise<DataReply> {
  await requireData(backup)
  if (!(await isFree(dataDir))) {
    throw new StreamError(
      'invalid_request',
      `${dataDir} is not empty: move it away, or set DATA_DIR to an empty folder.`,
    )
  }
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const files = await copyFiles(backup, dataDir)
  // The log last: without it a restore that broke off cannot be taken for a whole one.
  const log = (await hasLog(backup))
    ? describeCheck(await restoreLog(logDirectory(backup), logDirectory(dataDir)))
    : NO_LOG
  return { ok: log.ok, lines: [...(files.length > 0 ? [`Copied: ${files.join(', ')}.`] : []), ...log.lines] }
}

async function repair(dataDir: string): Promise<DataReply> {
  const found = describeCheck(await repairLog(logDirectory(dataDir)))
  const left = describeCheck(await checkLog(logDirectory(dataDir)))
  return { ok: left.ok, lines: [...found.lines, ...left.lines] }
}

const NO_LOG: DataReply = { ok: true, lines: ['No log is kept in this folder.'] }

function hasLog(directory: string): Promise<boolean> {
  return exists(join(logDirectory(directory), 'store', 'CURRENT'))
}

/** @throws when there is nothing that could be looked at or copied */
async function requireData(directory: string): Promise<void> {
  if ((await hasLog(directory)) || (await databasesIn(directory)).length > 0) return
  throw new StreamError('invalid_request', `There is no data in ${directory}: set DATA_DIR to where it is.`)
}

await main().then(({ ok, lines }) => {
  for (const line of lines) process.stdout.write(`${line}\n`)
  process.exitCode = ok ? 0 : 1
}, fail)
