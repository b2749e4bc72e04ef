import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Draft } from '@throughline/protocol'
import type { RunSource } from '@throughline/server'
import { silentLogger, type RunLogger } from '../run/run-logger.ts'
import { createRunEngine } from '../run/run-engine.ts'
import { citationMarks } from '../team/citation-marks.ts'
import { createResearchTeam, type ResearchTeamOptions } from '../team/research-team.ts'
import { GARDEN_PAGES, GARDEN_QUESTION } from '../testing/garden-pages.ts'
import { createMemoryRun, type MemoryRun, type MemoryRunOptions } from '../testing/memory-run.ts'
import { PROVIDER_INTERNALS, type ModelFault } from '../testing/model-faults.ts'
import { startModelServer, type ModelServer, type ModelServerOptions } from '../testing/model-server.ts'
import { openTemporaryLibrary, type TemporaryLibrary } from '../testing/temporary-library.ts'
import { createResearchModel, openaiCompatibleModel } from './research-model.ts'

let garden: TemporaryLibrary
let server: ModelServer | undefined
beforeAll(async () => {
  garden = await openTemporaryLibrary(GARDEN_PAGES)
})
afterEach(async () => {
  await server?.close()
})
afterAll(() => garden.close())

interface Chunk {
  readonly metadata: { readonly citations?: readonly { readonly n: number }[] }
}

async function modelTeam(provider: ModelServerOptions = {}, options: Partial<ResearchTeamOptions> = {}) {
  const started = await startModelServer({ tokensPerSecond: Infinity, tokens: 60, ...provider })
  server = started
  const model = createResearchModel({
    model: openaiCompatibleModel({ baseUrl: started.url, apiKey: 'right', model: 'm' }),
    name: 'm',
    wait: async () => undefined,
    firstTokenMs: 2_000,
    silenceMs: 1_000,
  })
  return { server: started, team: createResearchTeam({ library: garden.library, model, ...options }) }
}

/** What was asked beside looking through the library. */
function asked({ requests }: ModelServer) {
  return requests.filter(({ tools }) => tools.length === 0)
}

/** Lets the engine do one run to its end, as in production. */
async function done(
  memory: MemoryRun,
  team: ReturnType<typeof createResearchTeam>,
  logger = silentLogger,
): Promise<void> {
  let given = false
  const source: RunSource = {
    async claim({ signal }) {
      if (!given) {
        given = true
        return memory.run
      }
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve()
        signal.addEventListener('abort', () => resolve())
      })
      return undefined
    },
    close: async () => undefined,
  }
  const engine = createRunEngine({ source, team, logger })
  await expect.poll(() => memory.ends.length).toBe(1)
  await engine.close()
}

async function answered(
  provider: ModelServerOptions = {},
  options: Partial<MemoryRunOptions> = {},
  team: Partial<ResearchTeamOptions> = {},
) {
  const memory = createMemoryRun({ question: GARDEN_QUESTION, ...options })
  const built = await modelTeam(provider, team)
  await done(memory, built.team)
  return { memory, server: built.server }
}

describe('the team with a model', () => {
  it('streams the model’s tokens with citations of what the library holds', async () => {
    const { memory, server } = await answered({ tokens: 400 })
    expect(memory.ends[0]).toMatchObject({ kind: 'complete', value: { model: 'm' } })
    const { content, citations, integrity } = memory.answer()
    expect(integrity).toBe('complete')
    const cited = [...new Set(citationMarks(content).map((mark) => mark.n))]
    expect(cited.length).toBeGreaterThan(1)
    expect(citations.map((citation) => citation.n).sort()).toEqual(cited.sort())
    for (const { documentId, start, end, quote } of citations) {
      const document = await garden.library.getDocument(documentId, [null])
      expect(document?.text.slice(start, end)).toBe(quote)
    }
    const told = memory.drafts.flatMap(({ type, data }) =>
      type === 'message_chunk' ? ((data as Chunk).metadata.citations ?? []).map(({ n }) => n) : [],
    )
    expect(told).toEqual(citations.map(({ n }) => n))
    expect(asked(server).map((request) => request.stream)).toEqual([false, true])
    expect(
      memory
        .state()
        .runs.at(-1)
        ?.agents.every((agent) => agent.status === 'completed'),
    ).toBe(true)
  })

  it('tells what was used, of planner, researchers and writer together', async () => {
    const plan = '["How is compost turned?"]'
    const { memory } = await answered({ plan, toolTurns: [{ text: 'd1:0' }], answer: 'Turn it [1].' })
    const usage = memory.ends[0]?.value
    expect(usage).toMatchObject({ outputTokens: 4 + 2 * 1 + 3, model: 'm' })
  })

  it('follows the model’s plan, and the library’s own where the model’s cannot be read', async () => {
    const { memory } = await answered({ plan: 'Sure! ["How are worms fed?"]' })
    expect(
      memory
        .state()
        .runs.at(-1)
        ?.plan.map(({ question }) => question),
    ).toEqual([GARDEN_QUESTION, 'How are worms fed?'])
    await server?.close()
    const { memory: other } = await answered({ plan: 'I would rather not.' })
    expect(other.state().runs.at(-1)?.plan.length).toBeGreaterThanOrEqual(2)
    expect(other.state().runs.at(-1)?.agents[0]?.summary).toContain('without the model')
  })

  it('lets no invented citation stand, and says which', async () => {
    const { memory } = await answered({
      answer: 'Turn the compost heap every two weeks [1]. It glows at night [99].',
    })
    expect(memory.answer().citations.map((citation) => citation.n)).toEqual([1])
    expect(memory.answer().content).toContain('\\[99\\] could not be verified')
    expect(memory.answer().integrity).toBe('complete')
    expect(memory.drafts.find(({ type }) => type === 'research_completed')?.data).toMatchObject({
      flagged: 1,
    })
  })

  it('doubts a citation that has nothing to do with its sentence', async () => {
    const { memory } = await answered({ answer: 'Quantum chromodynamics explains quark confinement [1].' })
    expect(memory.answer().content).toContain('\\[1\\] may not support')
  })

  it('checks nothing without its reviewer, and says so', async () => {
    const { memory } = await answered({ answer: 'It glows at night [99].' }, {}, { without: ['reviewer'] })
    expect(memory.answer().content).toBe('It glows at night [99].')
    const told = memory.drafts.find(({ type }) => type === 'research_completed')?.data
    expect(told).toMatchObject({ flagged: 0 })
    expect(JSON.stringify(told)).toContain('not reviewed')
  })

  it('asks the model for no plan without its planner, and follows the question alone', async () => {
    const { memory, server } = await answered({}, {}, { without: ['planner'] })
    expect(asked(server).map(({ stream }) => stream)).toEqual([true])
    expect(memory.state().runs.at(-1)).toMatchObject({ plan: [], findings: [{ question: GARDEN_QUESTION }] })
    expect(memory.answer().citations.length).toBeGreaterThan(0)
  })

  it('lets the model say nothing without its researchers', async () => {
    const { memory, server } = await answered({}, {}, { without: ['researcher'] })
    expect(asked(server).map(({ stream }) => stream)).toEqual([false])
    expect(memory.answer()).toMatchObject({ citations: [] })
    expect(memory.answer().content).toContain('nothing was looked up')
  })

  it('quotes without its writer, in no word of the model’s', async () => {
    const model = { answer: 'The model says so [1].' }
    const { memory: whole } = await answered(model)
    await server?.close()
    const { memory, server: other } = await answered(model, {}, { without: ['writer'] })
    expect(whole.answer().content).toContain(model.answer)
    expect(memory.answer().content).not.toContain(model.answer)
    expect(memory.answer().content).toContain('Turn the compost heap')
    expect(asked(other).map(({ stream }) => stream)).toEqual([false])
  })

  it('does not ask a model about what the library has not a word of', async () => {
    const { memory, server } = await answered({ plan: '[]' }, { question: 'zyzzyva qoph?' })
    expect(memory.answer().content).toContain('The library does not hold an answer')
    expect(asked(server).filter((request) => request.stream)).toEqual([])
  })

  it('quotes a sentence rather than its passage where that says what the answer says', async () => {
    const { memory } = await answered({
      answer: 'Cooked meat attracts rats, so never add it to the heap [1]. [2] [3] [4]',
    })
    const quotes = memory.answer().citations.map((citation) => citation.quote)
    expect(quotes).toContain('Never add cooked meat to the compost heap, because it attracts rats.')
  })

  it('asks with what was said before and hands steering to the model', async () => {
    const before: Draft[] = [
      {
        type: 'user_message',
        messageId: 'm_0',
        parentId: null,
        data: { messageId: 'm_0', content: 'I have a garden.' },
      },
    ]
    const memory = createMemoryRun({ question: GARDEN_QUESTION, before })
    memory.steer('watering tomatoes')
    const { team, server } = await modelTeam()
    await done(memory, team)
    const asked = server.requests.at(-1)?.messages ?? []
    expect(asked.map((message) => message.role)).toEqual(['system', 'user', 'user'])
    expect(asked[1]?.content).toBe('I have a garden.')
    expect(asked[2]?.content).toContain('Also cover: watering tomatoes')
    expect(asked[2]?.content).toContain('Water tomatoes deeply in the morning')
  })

  it('adds a section for what is said while the model writes', async () => {
    const memory: MemoryRun = createMemoryRun({
      question: GARDEN_QUESTION,
      onWrite: (draft) => {
        if (draft.type === 'message_chunk' && !steered) {
          steered = true
          memory.steer('pruning roses')
        }
      },
    })
    let steered = false
    const { team, server } = await modelTeam()
    await done(memory, team)
    expect(asked(server).filter((request) => request.stream)).toHaveLength(2)
    expect(server.requests.at(-1)?.messages.at(-1)?.content).toContain('pruning roses')
    expect(memory.answer().citations.map((citation) => citation.title)).toContain('Roses')
    expect(memory.answer().integrity).toBe('complete')
  })

  it('goes on from a partial answer, keeping its text and its citations', async () => {
    const citation = { n: 1, documentId: 'gone', title: 'Gone', start: 0, end: 1, quote: 'x' }
    const compost = (await garden.library.listDocuments(null)).find(
      (document) => document.title === 'Compost',
    )
    const kept = {
      n: 2,
      documentId: compost?.id ?? '',
      title: 'Compost',
      start: 0,
      end: 9,
      quote: '# Compost',
    }
    const before: Draft[] = [
      {
        type: 'message_started',
        messageId: 'a_r_0',
        runId: 'r_0',
        parentId: 'm_1',
        data: { messageId: 'a_r_0', role: 'assistant' },
      },
      {
        type: 'message_chunk',
        messageId: 'a_r_0',
        runId: 'r_0',
        data: {
          messageId: 'a_r_0',
          content: 'It began [1][2][5] and then',
          isComplete: false,
          metadata: { tokens: 1, citations: [citation, kept] },
        },
      },
      { type: 'run_completed', runId: 'r_0', data: { runId: 'r_0', status: 'interrupted' } },
    ]
    const input = { kind: 'continue', continueFrom: 'a_r_0' } as const
    const { memory, server } = await answered({ answer: ' it ended [6].' }, { before, input })
    expect(memory.answer().content.startsWith('It began [1][2][5] and then it ended [6].')).toBe(true)
    expect(memory.drafts.find(({ type }) => type === 'message_chunk')?.data).toMatchObject({
      content: 'It began [1][2][5] and then',
    })
    expect(server.requests.at(-1)?.messages.at(-2)).toEqual({
      role: 'assistant',
      content: 'It began [1][2][5] and then',
    })
    // The first one's document is gone; the second is still exact.
    expect(memory.answer().citations.map(({ n }) => n)).toEqual([2, 6])
  })
})

describe('a model that fails', () => {
  const again = (fault: ModelFault): ModelFault[] => [fault, fault, fault]
  const CASES: readonly (readonly [string, ModelServerOptions, object])[] = [
    ['a wrong key', { apiKey: 'another' }, { code: 'auth_error', retryable: false }],
    [
      'an unknown model',
      { faults: again({ kind: 'refused', status: 404 }) },
      { code: 'invalid_request', retryable: false },
    ],
    [
      'a rate limit that lasts',
      { faults: [{ kind: 'rate_limited', retryAfterSeconds: 90 }] },
      { code: 'rate_limited', retryable: true, retryAfterMs: 90_000 },
    ],
    [
      'a failing provider',
      { faults: again({ kind: 'server_error' }) },
      { code: 'server_error', retryable: true },
    ],
  ]

  it.each(CASES)('fails the run on %s, telling a person what to do', async (_, provider, expected) => {
    const { memory } = await answered(provider)
    expect(memory.ends).toMatchObject([{ kind: 'fail', value: expected }])
    expect(String(memory.ends[0]?.value)).not.toContain(PROVIDER_INTERNALS)
    expect(JSON.stringify(memory.drafts)).not.toContain(PROVIDER_INTERNALS)
    expect(memory.drafts.some(({ type }) => type === 'message_started')).toBe(false)
  })

  it.each(['cut', 'stall', 'error_event', 'truncated'] as const)(
    'keeps the partial answer of a stream that broke (%s), to be continued',
    async (kind) => {
      const started = await modelTeam()
      const memory = createMemoryRun({
        question: GARDEN_QUESTION,
        onWrite: (draft) => {
          if (draft.type === 'research_plan') started.server.set({ faults: [{ kind, afterTokens: 20 }] })
        },
      })
      await done(memory, started.team)
      expect(memory.ends).toMatchObject([{ kind: 'fail', value: { retryable: true } }])
      expect(memory.answer()).toMatchObject({ status: 'failed' })
      expect(memory.answer().content.length).toBeGreaterThan(0)
      expect(JSON.stringify(memory.drafts)).not.toContain(PROVIDER_INTERNALS)
    },
  )

  it('rides out a short rate limit without a word lost', async () => {
    const { memory, server } = await answered({ faults: [{ kind: 'rate_limited', retryAfterSeconds: 1 }] })
    expect(memory.ends).toMatchObject([{ kind: 'complete' }])
    expect(asked(server)).toHaveLength(3)
    const told = memory.ephemerals.map(({ data }) => JSON.stringify(data))
    expect(told.some((data) => data.includes('The model is busy'))).toBe(true)
  })

  it('A7 leaves no word of the provider and no key in the operator’s log', async () => {
    const lines: string[] = []
    const log = (fields: object, message: string) => {
      const text = (_: string, value: unknown): unknown =>
        value instanceof Error ? { text: value.stack, cause: String(value.cause) } : value
      lines.push(message + JSON.stringify(fields, text))
    }
    const logger: RunLogger = { info: log, warn: log, error: log }
    const memory = createMemoryRun({ question: GARDEN_QUESTION })
    const { team } = await modelTeam({ apiKey: 'another' })
    await done(memory, team, logger)
    expect(lines.join()).toContain('auth_error')
    expect(lines.join()).toContain('401')
    for (const secret of [PROVIDER_INTERNALS, 'Bearer', GARDEN_QUESTION])
      expect(lines.join()).not.toContain(secret)
  })

  it('stops asking when the run is cancelled', async () => {
    const memory: MemoryRun = createMemoryRun({
      question: GARDEN_QUESTION,
      onWrite: (draft) => {
        if (draft.type === 'message_chunk') memory.cancel()
      },
    })
    const { team } = await modelTeam({ tokens: 5_000, tokensPerSecond: 500 })
    const running = team.run({ run: memory.run, signal: memory.run.writer.signal })
    await expect(running).rejects.toBeDefined()
    expect(memory.drafts.filter(({ type }) => type === 'message_chunk')).toHaveLength(0)
    expect(memory.ends).toEqual([])
  })
})
