import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Draft } from '@throughline/protocol'
import { GARDEN_PAGES, GARDEN_QUESTION } from '../testing/garden-pages.ts'
import { createMemoryRun, type MemoryRun, type MemoryRunOptions } from '../testing/memory-run.ts'
import { openTemporaryLibrary, type TemporaryLibrary } from '../testing/temporary-library.ts'
import { citationMarks } from './citation-marks.ts'
import { createResearchTeam, type ResearchTeamOptions } from './research-team.ts'

let garden: TemporaryLibrary
beforeAll(async () => {
  garden = await openTemporaryLibrary(GARDEN_PAGES)
})
afterAll(() => garden.close())

async function answered(
  options: Partial<MemoryRunOptions> = {},
  team: Partial<ResearchTeamOptions> = {},
): Promise<MemoryRun> {
  const memory = createMemoryRun({ question: GARDEN_QUESTION, ...options })
  await work(memory, team)
  return memory
}

async function work(memory: MemoryRun, team: Partial<ResearchTeamOptions> = {}): Promise<void> {
  const { run } = memory
  await createResearchTeam({ library: garden.library, ...team }).run({ run, signal: run.writer.signal })
}

function dataOf(memory: MemoryRun, type: string): Record<string, unknown> {
  const data = memory.drafts.findLast((draft) => draft.type === type)?.data
  return typeof data === 'object' && data !== null ? { ...data } : {}
}

function types(memory: MemoryRun): readonly string[] {
  const told = memory.drafts.map((draft) => draft.type).filter((type) => !type.startsWith('agent_'))
  return told.filter((type, index) => type !== told[index - 1])
}

async function expectExact(memory: MemoryRun): Promise<void> {
  const { content, citations } = memory.answer()
  expect(citations.map((citation) => citation.n)).toEqual(
    [...new Set(citationMarks(content).map((mark) => mark.n))].sort((a, b) => a - b),
  )
  for (const { documentId, start, end, quote } of citations) {
    const document = await garden.library.getDocument(documentId, [null, 'user-1'])
    expect(document?.text.slice(start, end)).toBe(quote)
  }
}

describe('the built-in team', () => {
  it('speaks the language of whoever asked, and quotes what stands there', async () => {
    const input = { options: { language: 'de-AT' } }
    const memory = await answered({ input })
    const [planner, researcher] = memory.state().runs.at(-1)?.agents ?? []
    expect([planner?.name, planner?.summary]).toEqual(['Planung', expect.stringMatching(/^\d Teilfragen$/)])
    expect([researcher?.name, researcher?.summary]).toEqual([
      'Recherche 1',
      expect.stringMatching(/^\d+ Textstellen? aus \d+ Dokument(en)?$/),
    ])
    expect(memory.answer().content).toContain('*Wörtlich aus der Bibliothek zitiert.')
    expect(dataOf(memory, 'research_completed')['summary']).toMatch(/^\d+ Belege? aus .*, alle geprüft$/)
    await expectExact(memory)
    const { citations } = (await answered()).answer()
    expect(memory.answer().citations).toEqual(citations)

    const unknown = await answered({ input, question: 'Who won the chess championship of 1927?' })
    expect(unknown.answer().content).toContain('Die Bibliothek enthält keine Antwort auf diese Frage')
  })

  it('speaks English where it does not speak the language, or nobody said which', async () => {
    const memory = await answered({ input: { options: { language: 'tlh' } } })
    expect(memory.state().runs.at(-1)?.agents[0]?.name).toBe('Planner')
  })

  it('answers in order: plan, research, draft and review, stream, results', async () => {
    const memory = await answered()
    const order = types(memory)
    expect(order).toEqual([
      'research_plan',
      'message_started',
      'message_chunk',
      'message_completed',
      'research_results',
      'research_completed',
    ])
    const agents = memory.state().runs.at(-1)?.agents ?? []
    expect(agents.map((agent) => [agent.id, agent.status, agent.progress])).toEqual(
      ['planner', 'researcher-1', 'researcher-2', 'researcher-3', 'writer', 'reviewer'].map((id) => [
        id,
        'completed',
        100,
      ]),
    )
    expect(memory.answer()).toMatchObject({
      id: 'a_r_1',
      parentId: 'm_1',
      runId: 'r_1',
      agentId: 'writer',
      integrity: 'complete',
    })
    expect(memory.answer().content).toContain('Turn the compost heap every two weeks')
    await expectExact(memory)
    expect(dataOf(memory, 'research_completed')).toMatchObject({ messageId: 'a_r_1', flagged: 0 })
    expect(memory.ends).toEqual([])
  })

  it('has every event belong to the run and its answer', async () => {
    const memory = await answered()
    for (const draft of [...memory.drafts, ...memory.ephemerals]) {
      expect(draft).toMatchObject({ runId: 'r_1', messageId: 'a_r_1', parentId: 'm_1' })
    }
    expect(memory.ephemerals.map(({ type }) => type)).toContain('typing_indicator')
    expect(memory.ephemerals.findLast(({ type }) => type === 'typing_indicator')?.data).toMatchObject({
      isTyping: false,
    })
  })

  it('has its researchers work side by side', async () => {
    let searching = 0
    let most = 0
    const library = {
      ...garden.library,
      search: async (...request: Parameters<typeof garden.library.search>) => {
        searching += 1
        most = Math.max(most, searching)
        const result = await garden.library.search(...request)
        searching -= 1
        return result
      },
    }
    await answered({}, { library })
    expect(most).toBeGreaterThanOrEqual(2)
  })

  it('tells each citation with the chunk that first uses it, so that a partial answer keeps its sources', async () => {
    const memory = await answered()
    const told: number[] = []
    for (const { data } of memory.drafts.filter((draft) => draft.type === 'message_chunk')) {
      const { content, metadata } = data as { content: string; metadata: { citations?: { n: number }[] } }
      for (const { n } of metadata.citations ?? []) {
        expect(content).toContain(`[${String(n)}]`)
        told.push(n)
      }
    }
    expect(told).toEqual(memory.answer().citations.map((citation) => citation.n))
  })

  it('gives the same answer to the same question', async () => {
    const [first, again] = [await answered(), await answered({ input: { kind: 'regenerate' } })]
    expect(again.answer().content).toBe(first.answer().content)
  })

  it('says plainly that the library does not hold what was asked, and cites nothing', async () => {
    const memory = await answered({ question: 'Who won the 1998 world cup?' })
    expect(memory.answer().content).toContain('The library does not hold an answer')
    expect(memory.answer().citations).toEqual([])
    expect(dataOf(memory, 'research_completed')).toMatchObject({ sources: 0 })
  })

  it('reads a follow-up together with the question before it', async () => {
    const before: Draft[] = [
      {
        type: 'user_message',
        messageId: 'm_0',
        parentId: null,
        data: { messageId: 'm_0', content: 'How do I water tomatoes?' },
      },
    ]
    const memory = await answered({ before, question: 'And when should they be planted?' })
    expect(memory.answer().content).toContain('after the last frost')
  })

  it('prefers the documents that the question points to', async () => {
    const documents = await garden.library.listDocuments(null)
    const worms = documents.find((document) => document.source === 'worms.md')
    const question = 'How do kitchen scraps become compost?'
    const memory = await answered({ question, attachments: [worms?.id ?? ''] })
    const titles = new Set(memory.answer().citations.map((citation) => citation.title))
    expect([...titles]).toEqual(['Worm bins'])
    const open = new Set((await answered({ question })).answer().citations.map((citation) => citation.title))
    expect(open.size).toBe(2)
  })

  it('keeps to the documents of the user and of everyone', async () => {
    const secret = { owner: 'someone-else', source: 'secret.md', mediaType: 'text/markdown' } as const
    await garden.library.addDocument({
      ...secret,
      text: '# Secret\n\nThe secret compost heap of Alice is turned on Fridays.',
    })
    const memory = await answered({ question: 'When is the secret compost heap of Alice turned?' })
    expect(memory.answer().content).not.toContain('Fridays')
  })
})

describe('a person who steers', () => {
  it('gets a section on what was added before the answer is written', async () => {
    const memory: MemoryRun = createMemoryRun({
      question: GARDEN_QUESTION,
      onWrite: (draft) => {
        if (draft.type === 'research_plan' && !steered) {
          steered = true
          memory.steer('watering tomatoes')
        }
      },
    })
    let steered = false
    await work(memory)
    expect(memory.answer().content).toContain('### watering tomatoes')
    expect(memory.answer().content).toContain('Water tomatoes deeply in the morning')
    expect(memory.state().runs.at(-1)?.plan.at(-1)?.question).toBe('watering tomatoes')
    await expectExact(memory)
  })

  it('is told when the library holds nothing on it', async () => {
    const memory = createMemoryRun({ question: GARDEN_QUESTION })
    memory.steer('the offside rule in football')
    await work(memory)
    expect(memory.answer().content).toContain('On “the offside rule in football”: The library does not hold')
    expect(memory.answer().content).toContain('Turn the compost heap')
  })
})

describe('a team without one of its agents', () => {
  it('follows only the question itself without a planner', async () => {
    const [whole, without] = [await answered(), await answered({}, { without: ['planner'] })]
    expect(types(without)).not.toContain('research_plan')
    expect(whole.state().runs.at(-1)?.findings.length).toBeGreaterThan(1)
    expect(without.state().runs.at(-1)?.findings).toHaveLength(1)
  })

  it('has nothing to say without researchers, and says so', async () => {
    const memory = await answered({}, { without: ['researcher'] })
    expect(memory.answer().content).toContain('nothing was looked up')
    expect(memory.answer().citations).toEqual([])
  })

  it('only lists what was found without a writer', async () => {
    const [whole, without] = [await answered(), await answered({}, { without: ['writer'] })]
    expect(without.answer().content).not.toBe(whole.answer().content)
    expect(
      without
        .state()
        .runs.at(-1)
        ?.agents.map((agent) => agent.id),
    ).not.toContain('writer')
    expect(without.answer().citations.length).toBeGreaterThan(0)
  })

  it('lets a quotation that is no longer in its source through without a reviewer, and says that nobody checked', async () => {
    const library = {
      ...garden.library,
      getDocument: async (...request: Parameters<typeof garden.library.getDocument>) => {
        const document = await garden.library.getDocument(...request)
        return document?.title === 'Compost'
          ? { ...document, text: document.text.replaceAll('two weeks', 'ten years') }
          : document
      },
    }
    const reviewed = await answered({}, { library })
    const unreviewed = await answered({}, { library, without: ['reviewer'] })
    expect(reviewed.answer().content).not.toContain('every two weeks')
    expect(Number(dataOf(reviewed, 'research_completed')['flagged'])).toBeGreaterThan(0)
    expect(unreviewed.answer().content).toContain('every two weeks')
    expect(dataOf(unreviewed, 'research_completed')).toMatchObject({ flagged: 0 })
    expect(String(dataOf(unreviewed, 'research_completed')['summary'])).toContain('not reviewed')
  })
})

describe('an answer that goes on from a partial one', () => {
  const partialRun = (content: string): Partial<MemoryRunOptions> => ({
    input: { kind: 'continue', continueFrom: 'a_r_0' },
    before: [
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
        data: { messageId: 'a_r_0', content, isComplete: false },
      },
      { type: 'run_completed', runId: 'r_0', data: { runId: 'r_0', status: 'interrupted' } },
    ],
  })

  it('is the whole answer, its first chunk the partial one, wherever it was cut', async () => {
    const whole = (await answered()).answer()
    for (const cut of [1, 40, Math.floor(whole.content.length / 2), whole.content.length]) {
      const memory = await answered(partialRun(whole.content.slice(0, cut)))
      expect(memory.drafts.find((draft) => draft.type === 'message_chunk')?.data).toMatchObject({
        content: whole.content.slice(0, cut),
      })
      expect(memory.answer()).toMatchObject({
        id: 'a_r_1',
        content: whole.content,
        citations: whole.citations,
        integrity: 'complete',
      })
    }
  })

  it('adds what is missing, under new numbers, to a text of other words', async () => {
    const memory = await answered(partialRun('A model wrote this [3].\n\n```ts\ncode'))
    const { content, citations } = memory.answer()
    expect(content.startsWith('A model wrote this [3].\n\n```ts\ncode\n```\n\n')).toBe(true)
    expect(content).toContain('Turn the compost heap')
    expect(Math.min(...citations.map((citation) => citation.n))).toBe(4)
    const marks = new Set(citationMarks(content).map((mark) => mark.n))
    expect([...marks]).toEqual([3, ...citations.map((citation) => citation.n)])
  })
})

describe('a run that ends elsewhere', () => {
  it('L5 is left alone from the next step on', async () => {
    const memory: MemoryRun = createMemoryRun({
      question: GARDEN_QUESTION,
      onWrite: (draft) => {
        if (draft.type === 'message_chunk') memory.cancel()
      },
    })
    await expect(work(memory)).rejects.toMatchObject({ code: 'conflict' })
    expect(memory.drafts.some((draft) => draft.type === 'message_completed')).toBe(false)
    expect(memory.drafts.filter((draft) => draft.type === 'message_chunk')).toHaveLength(0)
  })

  it('closes the agents of a run that fails', async () => {
    const library = {
      ...garden.library,
      search: async () => {
        throw new Error('disk')
      },
    }
    const memory = createMemoryRun({ question: GARDEN_QUESTION })
    await expect(work(memory, { library })).rejects.toThrow('disk')
    expect(memory.state().runs.at(-1)?.agents[0]).toMatchObject({ id: 'planner', status: 'error' })
  })
})
