/**
 * Event schemas: the protocol's own table against the same shapes in valibot. Sizes are what esbuild minifies for a
 * browser, gzipped at level 9; times are medians of seven rounds over a mixed set of valid events, each in turn.
 */
import { gzipSync } from 'node:zlib'
import { isEvent, type Envelope } from '@throughline/protocol'
import { build } from 'esbuild'
import { beginPart } from '../harness/results.ts'
import { isEventByValibot } from './valibot-shapes.ts'

const ROUNDS = 7
const CHECKS = 200_000

const EVENTS: readonly (readonly [string, unknown])[] = [
  ['message_chunk', { messageId: 'm1', content: 'a few words of it ', isComplete: false }],
  ['message_chunk', { messageId: 'm1', content: 'and more', isComplete: false, agentId: 'writer' }],
  [
    'agent_progress',
    {
      agentId: 'researcher-1',
      agentName: 'Researcher 1',
      status: 'working',
      progress: 40,
      currentTask: 'Reading',
      estimatedTimeRemaining: null,
    },
  ],
  ['run_completed', { runId: 'r1', status: 'completed', usage: { inputTokens: 10 } }],
]

async function sizeOf(contents: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname, loader: 'ts' },
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    conditions: ['@throughline/source'],
  })
  return gzipSync(outputFiles[0]?.contents ?? new Uint8Array(), { level: 9 }).length
}

function nanosecondsOf(check: (type: string, data: unknown) => boolean): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const begun = performance.now()
    let valid = 0
    for (let index = 0; index < CHECKS; index += 1) {
      const [type, data] = EVENTS[index % EVENTS.length] ?? ['', null]
      if (check(type, data)) valid += 1
    }
    if (valid !== CHECKS) throw new Error('a valid event was refused')
    return ((performance.now() - begun) * 1e6) / CHECKS
  })
  return rounds.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0
}

const store = beginPart('schema', ROUNDS)
const own = (type: string, data: unknown) => isEvent({ type, data } as Envelope, type as 'message_chunk')
const sizes = await Promise.all([
  sizeOf("export { isEventByValibot } from './valibot-shapes.ts'"),
  sizeOf("export { isEvent } from '@throughline/protocol'"),
])
const times = [nanosecondsOf(isEventByValibot), nanosecondsOf(own)]
const rows = {
  valibot: { 'bytes gzipped': sizes[0], 'ns per check': Math.round(times[0] ?? 0) },
  'own table': { 'bytes gzipped': sizes[1], 'ns per check': Math.round(times[1] ?? 0) },
}
console.table(rows)
store(rows)
