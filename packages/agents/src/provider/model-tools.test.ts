import type { Draft, RunUsage } from '@throughline/protocol'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Wait } from '../run/backoff.ts'
import { createResearchTeam, type ResearchTeamOptions } from '../team/research-team.ts'
import { GARDEN_PAGES, GARDEN_QUESTION } from '../testing/garden-pages.ts'
import { createMemoryRun, type MemoryRun, type MemoryRunOptions } from '../testing/memory-run.ts'
import { startModelServer, type ModelServer, type ModelServerOptions } from '../testing/model-server.ts'
import type { ToolTurn } from '../testing/model-tool-turn.ts'
import { openTemporaryLibrary, type TemporaryLibrary } from '../testing/temporary-library.ts'
import { createResearchModel, openaiCompatibleModel, type ResearchModelOptions } from './research-model.ts'

/** Far longer than any tool may give at once. */
const ALMANAC = `# Almanac\n\n${Array.from({ length: 60 }, (_, week) => `## Week ${String(week)}\n\n${`In week ${String(week)} the almanac speaks of frost. `.repeat(40)}`).join('\n\n')}`
const SECRET = { owner: 'someone-else', source: 'secret.md', mediaType: 'text/markdown' } as const

let garden: TemporaryLibrary
let server: ModelServer
beforeAll(async () => {
  garden = await openTemporaryLibrary({ ...GARDEN_PAGES, 'almanac.md': ALMANAC })
  await garden.library.addDocument({ ...SECRET, text: '# Secret\n\nAlice turns her compost on Fridays.' })
})
afterEach(() => server.close())
afterAll(() => garden.close())

interface Setting {
  readonly provider?: ModelServerOptions
  readonly run?: Partial<MemoryRunOptions>
  readonly team?: Partial<ResearchTeamOptions>
  readonly model?: Partial<ResearchModelOptions>
}

/** A team of one line of inquiry with a model over HTTP, and how long it waited before it asked again. */
async function startTeam({ provider, team, model }: Setting) {
  server = await startModelServer({ tokensPerSecond: Infinity, tokens: 60, ...provider })
  const waits: number[] = []
  const wait: Wait = async (ms) => {
    waits.push(ms)
  }
  const research = createResearchModel({
    model: openaiCompatibleModel({ baseUrl: server.url, apiKey: 'right', model: 'm' }),
    name: 'm',
    wait,
    random: () => 0.5,
    ...model,
  })
  const built = createResearchTeam({
    library: garden.library,
    model: research,
    without: ['planner'],
    ...team,
  })
  const work = async (memory: MemoryRun) => {
    const usage = await built.run({ run: memory.run, signal: memory.run.writer.signal })
    return { memory, usage }
  }
  return { work, waits }
}

function ask(run: Partial<MemoryRunOptions> = {}): MemoryRun {
  return createMemoryRun({ question: GARDEN_QUESTION, ...run })
}

async function answered(setting: Setting = {}) {
  const { work, waits } = await startTeam(setting)
  return { ...(await work(ask(setting.run))), waits }
}

/** Requests of the researcher. */
function steps() {
  return server.requests.filter(({ tools }) => tools.length > 0)
}

/** What the tools gave, oldest first. */
function given(): readonly string[] {
  return (steps().at(-1)?.messages ?? []).flatMap(({ role, content }) => (role === 'tool' ? [content] : []))
}

/** The passages that the writer was given. */
function written(): string {
  return server.requests.findLast(({ tools }) => tools.length === 0)?.messages.at(-1)?.content ?? ''
}

function told(drafts: readonly Draft[]) {
  return drafts.flatMap(({ type, data }) => (type === 'tool_called' ? [data] : []))
}

function call(name: string, input: unknown) {
  return { name, arguments: typeof input === 'string' ? input : JSON.stringify(input) }
}

describe('a researcher with tools', () => {
  const TURNS: readonly ToolTurn[] = [
    { calls: [call('search', { query: 'roses' }), call('read', { document: 'd1', from: 0 })], fragment: 3 },
    { calls: [call('search', { query: 'pruning “in winter”' })] },
    { text: 'd3:0 and [d1:1]. Also d99:7.' },
  ]

  it('searches and reads, several calls at once and fragment by fragment, and is told what came of them', async () => {
    const { memory } = await answered({ provider: { toolTurns: TURNS } })
    expect(steps().map(({ tools }) => tools)).toEqual(Array(3).fill(['search', 'read']))
    expect(given()).toHaveLength(3)
    expect(given()[0]).toContain('Roses are pruned in late winter')
    expect(given()[1]).toContain('[d1:0]')
    expect(told(memory.drafts)).toEqual([
      {
        agentId: 'researcher-1',
        tool: 'search',
        input: { query: 'roses' },
        summary: 'Searched for “roses”: 1 passage',
      },
      expect.objectContaining({ tool: 'read', input: { document: 'd1', from: 0 } }),
      expect.objectContaining({ tool: 'search', input: { query: 'pruning “in winter”' } }),
    ])
    expect(memory.state().runs.at(-1)?.agents[0]?.summary).toContain('after 3 look-ups')
  })

  it('hands over what its model chose first, and every citation of it is exact', async () => {
    const { memory } = await answered({ provider: { toolTurns: TURNS, answer: 'So it is [1]. And so [2].' } })
    expect(written().indexOf('[1] Roses')).toBeGreaterThan(0)
    const { citations, integrity } = memory.answer()
    expect(citations.map(({ title }) => title)).toEqual(['Roses', 'Compost'])
    expect(integrity).toBe('complete')
    for (const { documentId, start, end, quote } of citations) {
      const document = await garden.library.getDocument(documentId, [null])
      expect(document?.text.slice(start, end)).toBe(quote)
    }
  })

  it('tells the tokens of every step with the cost', async () => {
    const prices = { input: 1, output: 2, currency: 'USD' }
    const { usage } = await answered({
      provider: {
        toolTurns: [{ calls: [call('search', '{}'.padEnd(6))] }, { text: 'd1:0' }],
        answer: 'Yes.',
      },
      model: { prices },
    })
    const { inputTokens = 0, outputTokens = 0, cost } = usage as RunUsage
    // A call of one fragment after its name, the labels, the answer.
    expect(outputTokens).toBe(2 + 1 + 1)
    expect(cost?.amount).toBeCloseTo((inputTokens + 2 * outputTokens) / 1_000_000)
  })

  it('tells a model what was wrong with its call, and a person that it could not be read', async () => {
    const broken = [
      call('search', '{"query": "roses'),
      call('search', { query: 7 }),
      call('read', { document: '../../etc/passwd' }),
      call('read', { document: 'd1', from: -1 }),
      call('delete_everything', {}),
    ]
    const { memory } = await answered({ provider: { toolTurns: [{ calls: broken }, { text: 'd1:0' }] } })
    expect(given()).toHaveLength(broken.length)
    expect(told(memory.drafts).map((data) => (data as { summary: string }).summary)).toEqual(
      broken.map(() => 'A call that could not be read'),
    )
    expect(memory.answer()).toMatchObject({ status: 'complete', integrity: 'complete' })
  })

  it('ends a model that never stops calling, and answers from what it found', async () => {
    const { memory } = await answered({
      provider: {
        toolTurns: [{ calls: [call('search', { query: 'worms' }), call('search', { query: 'rats' })] }],
      },
    })
    expect(steps()).toHaveLength(5)
    expect(told(memory.drafts)).toHaveLength(8)
    expect(memory.answer().citations.length).toBeGreaterThan(0)
  })

  it('carries out no more than eight calls of one step', async () => {
    const calls = Array.from({ length: 60 }, (_, n) => call('search', { query: `worms ${String(n)}` }))
    const { memory } = await answered({
      provider: { toolTurns: [{ calls, fragment: 100 }, { text: 'd1:0' }] },
    })
    expect(told(memory.drafts)).toHaveLength(8)
    expect(given().filter((text) => text.startsWith('No more can be looked up'))).toHaveLength(52)
  })

  it('ends a step that has no end, and answers without it', async () => {
    const { memory } = await answered({ provider: { toolTurns: [{ text: 'x'.repeat(120_000) }] } })
    expect(steps()).toHaveLength(1)
    expect(memory.answer().status).toBe('complete')
  })

  it('gives a model so many characters and no more', async () => {
    const search = { calls: [call('search', { query: 'almanac frost' })] }
    const read = { calls: [call('read', { document: 'd1', from: 3 })] }
    const question = 'What does the almanac say of frost?'
    await answered({ provider: { toolTurns: [search, read, read, read, read] }, run: { question } })
    expect(given().length).toBeGreaterThan(2)
    expect(Math.max(...given().map(({ length }) => length))).toBeLessThanOrEqual(6_000)
    expect(given().join('').length).toBeLessThan(25_000)
  })

  it('reads only what the person may read, whatever is asked for', async () => {
    const { memory } = await answered({
      provider: {
        toolTurns: [
          { calls: [call('search', { query: 'Alice compost Fridays' }), call('read', { document: 'd77' })] },
          { text: 'd77:0' },
        ],
      },
    })
    expect(given().join()).not.toContain('Fridays')
    expect(given().at(-1)).toContain('There is no d77')
    expect(memory.answer().content).not.toContain('Fridays')
  })

  it('keeps to the documents that the person pointed to, where they hold it', async () => {
    const worms = (await garden.library.listDocuments(null)).find(({ source }) => source === 'worms.md')
    const question = 'How do kitchen scraps become compost?'
    await answered({ run: { question, attachments: [worms?.id ?? ''] } })
    expect(given().join()).toContain('Worm bins')
    expect(given().join()).not.toContain('] Compost')
  })

  it('finds by the model’s words what the question’s own words do not find', async () => {
    const { memory } = await answered({
      provider: {
        toolTurns: [{ calls: [call('search', { query: 'turning the compost heap' })] }, { text: 'd1:1' }],
        answer: 'Every two weeks [1].',
      },
      run: { question: 'Wie oft wende ich den Komposthaufen?' },
    })
    expect(memory.answer().citations.map(({ title }) => title)).toEqual(['Compost'])
  })

  it('stops when the run is cancelled, and asks no more', async () => {
    const { work } = await startTeam({
      provider: { toolTurns: [{ calls: [call('search', { query: 'roses' })] }] },
    })
    const memory = ask({
      onWrite: ({ type }) => {
        if (type === 'tool_called') memory.cancel()
      },
    })
    await expect(work(memory)).rejects.toMatchObject({ code: 'conflict' })
    expect(server.requests).toHaveLength(1)
  })
})

describe('a provider without tools', () => {
  it.each([400, 404, 422] as const)(
    'that refuses them with %i is asked without, and nobody is told of an error',
    async (status) => {
      const { memory } = await answered({ provider: { refuseTools: status } })
      expect(steps()).toHaveLength(1)
      expect(memory.answer()).toMatchObject({ status: 'complete', integrity: 'complete' })
      expect(memory.answer().citations.length).toBeGreaterThan(0)
      expect(memory.drafts.filter(({ type }) => type === 'tool_called' || type === 'error_occurred')).toEqual(
        [],
      )
    },
  )

  it('is not offered them again for a while', async () => {
    let at = 0
    const { work } = await startTeam({ provider: { refuseTools: 400 }, model: { now: () => at } })
    await work(ask())
    await work(ask())
    expect(steps()).toHaveLength(1)
    at = 600_000
    await work(ask())
    expect(steps()).toHaveLength(2)
  })

  it('that fails over them is asked without, and offered them the next time', async () => {
    const { work, waits } = await startTeam({ provider: { refuseTools: 500 } })
    expect((await work(ask())).memory.answer().status).toBe('complete')
    expect([steps().length, waits.length]).toEqual([3, 2])
    await work(ask())
    expect(steps()).toHaveLength(6)
  })

  it('that never calls any answers from the passages in its prompt', async () => {
    const { memory } = await answered({ provider: { toolTurns: [{ text: 'I would rather not.' }] } })
    expect(steps()).toHaveLength(1)
    expect(written()).toContain('Turn the compost heap every two weeks')
    expect(memory.answer().citations.length).toBeGreaterThan(0)
  })
})

describe('a provider that fails while tools are used', () => {
  it('waits as long as a 429 asks, and goes on', async () => {
    const { memory, waits } = await answered({
      provider: { toolFaults: [{ kind: 'rate_limited', retryAfterSeconds: 2 }] },
    })
    expect(waits).toEqual([2_000])
    expect(told(memory.drafts)).toHaveLength(1)
  })

  it.each(['cut', 'truncated', 'error_event', 'garbage'] as const)(
    'asks for the step again where it broke off within a call (%s), and tells each call once',
    async (kind) => {
      const { memory } = await answered({ provider: { toolFaults: [{ kind, afterTokens: 2 }] } })
      expect(steps()).toHaveLength(3)
      expect(told(memory.drafts)).toHaveLength(1)
      expect(memory.answer().status).toBe('complete')
    },
  )

  it.each([
    ['goes silent within a call', { toolFaults: [{ kind: 'stall', afterTokens: 2 }] }],
    ['never answers', { toolFaults: [{ kind: 'silent' }] }],
  ] as const)('answers from its own search where the model %s', async (_, provider) => {
    // Long enough for the answer that follows, also on a busy machine.
    const { memory } = await answered({ provider, model: { firstTokenMs: 2_000, silenceMs: 2_000 } })
    expect(steps()).toHaveLength(1)
    expect(memory.answer().citations.length).toBeGreaterThan(0)
  })

  it.each([
    ['a wrong key', { apiKey: 'another' }, { code: 'auth_error', retryable: false }],
    [
      'a rate limit that lasts',
      { toolFaults: [{ kind: 'rate_limited', retryAfterSeconds: 90 }] },
      { code: 'rate_limited', retryAfterMs: 90_000 },
    ],
  ] as const)('fails at once on %s, with the one message', async (_, provider, expected) => {
    await expect(answered({ provider })).rejects.toMatchObject(expected)
    expect(server.requests).toHaveLength(1)
  })

  it('has the other researchers stop where one fails', async () => {
    const { work } = await startTeam({
      provider: {
        plan: '["How are worms fed?", "When are roses pruned?"]',
        toolFaults: [{ kind: 'rate_limited', retryAfterSeconds: 90 }, { kind: 'silent' }, { kind: 'silent' }],
      },
      team: { without: [] },
      model: { firstTokenMs: 60_000 },
    })
    await expect(work(ask())).rejects.toMatchObject({ code: 'rate_limited' })
  })
})
