import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './command.mjs'
import { Failure, runMain } from './failure.mjs'
import { ensureInstalled } from './install.mjs'
import { ensureBuilt } from './outputs.mjs'
import { step } from './progress.mjs'
import { node24, root, toolEnvironment } from './toolchain.mjs'

/** Each is a folder of bench/ with a run.ts; without a name all of them run, in this order. */
const parts = [
  'server',
  'decoder',
  'reducer',
  'storage',
  'schema',
  'library',
  'redis',
  'browser',
  'start',
  'page',
  'soak',
]
/** Those that start the built app. */
const needsWeb = new Set(['browser', 'start', 'page'])
/** Shorter than when one is asked for by name, so that all of them take less than an hour. */
const together = new Map([
  ['storage', ['100000']],
  ['soak', ['--minutes', '2']],
])
const needsPeers = new Set(['server'])
const timeoutMs = 120 * 60_000
const peers = join(root, 'bench', 'peers')
/** `npm ci` would refuse a lockfile that lacks optional packages of other platforms, which is all that may differ. */
const frozen = ['--no-save', '--ignore-scripts']

await runMain(async () => {
  const [name, ...args] = process.argv.slice(2)
  if (name !== undefined && !parts.includes(name)) {
    throw new Failure(`npm run bench [-- ${parts.join(' | ')}]`, { exitCode: 1 })
  }
  const chosen = name === undefined ? parts : [name]
  await ensureInstalled()
  await ensureBuilt({ web: chosen.some((part) => needsWeb.has(part)) })
  if (chosen.some((part) => needsPeers.has(part))) await ensurePeers()
  /** @type {string[]} */
  const failed = []
  for (const part of chosen) {
    const began = Date.now()
    const code = await measure(part, name === undefined ? (together.get(part) ?? []) : args)
    console.log(`\n${part}: ${Math.round((Date.now() - began) / 1_000)} s`)
    if (code !== 0) failed.push(part)
  }
  if (failed.length === 0) return 0
  throw new Failure(`${failed.join(', ')} failed; what the others measured is stored.`, { exitCode: 1 })
})

/** @param {string} part @param {readonly string[]} args */
async function measure(part, args) {
  const entry = join(root, 'bench', part, 'run.ts')
  const { code } = await run(node24(), ['--conditions=@throughline/source', entry, ...args], {
    env: toolEnvironment(),
    timeoutMs,
    show: true,
  })
  return code
}

/** The servers measured beside ours, which nobody else needs: installed here, from their own lockfile. */
async function ensurePeers() {
  const marker = join(peers, 'node_modules', '.throughline-install')
  const wanted = createHash('sha256')
    .update(readFileSync(join(peers, 'package-lock.json')))
    .digest('hex')
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return
  const { code, tail } = await step(
    'installing the peers',
    () => run('npm', ['install', '--prefix', peers, ...frozen, '--loglevel=error'], { timeoutMs }),
    (result) => result.code === 0,
  )
  if (code !== 0) throw new Failure('npm install failed in bench/peers; its last lines are above.', { tail })
  writeFileSync(marker, wanted)
}
