import type { Citation, RunUsage } from '@throughline/protocol'
import { answerable } from '../extract/answerable.ts'
import { declineAnswer } from '../extract/decline-answer.ts'
import type { AgentReporter } from '../team/agent-reporter.ts'
import type { Aside, Brief, Written } from '../team/brief.ts'
import { citationMarks } from '../team/citation-marks.ts'
import { bridgeFrom } from '../team/continuation.ts'
import { runAgent, type Desk } from '../team/desk.ts'
import { authorByQuotes, WRITER, type Author } from '../team/quoting-author.ts'
import { addUsage } from '../team/usage.ts'
import { answerPrompt, extensionPrompt } from './answer-prompt.ts'
import { createCitedStream, type CitedStream } from './cited-stream.ts'
import { reviewCitations, reviewNote, type CitationReview } from './model-reviewer.ts'
import { createNumberedSources } from './numbered-sources.ts'
import type { Prompt, ResearchModel } from './research-model.ts'
import { noticeOf } from './retry-notice.ts'

/** Sections added for what a person said while the model wrote; more than that waits for the next question. */
const MAX_EXTENSIONS = 3
/** The writer's work units: ask the model, hear it out, have it reviewed. */
const STEPS = 3

const CUT = { length: 'cutByLength', filtered: 'cutByFilter' } as const

/**
 * An author that has a model write from numbered passages, token by token, and a reviewer check every citation of it.
 * What was streamed cannot be taken back: a citation that fails is dropped and named in a note below the answer.
 */
export function authorByModel(model: ResearchModel): Author {
  return async (desk, asked) => {
    if (desk.without.has('writer')) return authorByQuotes(desk, asked)
    const brief = { ...asked, asides: [...asked.asides, ...(await asked.takeAsides())] }
    return runAgent(desk, { ...WRITER, task: desk.words.writing }, async (agent) => {
      const sources = createNumberedSources(
        brief.partial?.citations,
        highestMark(brief.partial?.content ?? ''),
      )
      const stream = createCitedStream(desk, WRITER.agentId, sources)
      try {
        const session = { desk, brief, model, agent, sources, stream }
        const usage = await compose(session)
        await agent.progress(STEPS - 1, STEPS, desk.words.waitingForReviewer)
        const value = await finish(session, usage)
        return { value, summary: desk.words.cited(value.citations.length) }
      } finally {
        stream.stop()
      }
    })
  }
}

interface Session {
  readonly desk: Desk
  readonly brief: Brief
  readonly model: ResearchModel
  readonly agent: AgentReporter
  readonly sources: ReturnType<typeof createNumberedSources>
  readonly stream: CitedStream
}

/** Streams the answer, and a section for each thing that was added meanwhile. */
async function compose(session: Session): Promise<RunUsage | undefined> {
  const { desk, brief, sources, stream } = session
  const { words } = desk
  const { question, history, partial, findings, asides } = brief
  const passages = sources.add([...findings.map(({ result }) => result), ...asideResults(asides)])
  if (partial !== undefined) await stream.push(partial.content)
  else if (passages.length === 0) {
    await stream.push(
      findings.length === 0
        ? words.nothingSearched
        : declineAnswer(answerable(brief.search), brief.search, words.decline),
    )
    return undefined
  }
  const wishes = asides.map((aside) => aside.wish)
  let prompt = answerPrompt({ question, history, passages, wishes }, partial?.content)
  let usage: RunUsage | undefined
  for (let extensions = 0; ; extensions += 1) {
    const before = stream.text.length
    usage = addUsage(usage, await speak(session, prompt))
    const added = extensions < MAX_EXTENSIONS ? await brief.takeAsides() : []
    if (added.length === 0) return usage
    const more = sources.add(asideResults(added))
    const written = stream.text.slice(before)
    prompt = extensionPrompt(prompt, written, { wishes: added.map((aside) => aside.wish), passages: more })
    await stream.push(bridgeFrom(stream.text))
  }
}

async function speak({ desk, model, agent, stream }: Session, prompt: Prompt): Promise<RunUsage> {
  await agent.progress(0, STEPS, desk.words.waitingForModel)
  agent.thinking(desk.words.waitingForModel)
  const { finish, usage } = await model.stream(prompt, {
    signal: desk.signal,
    onRetry: (notice) => {
      agent.thinking(noticeOf(notice, desk.words))
    },
    onToken: async (token) => {
      await stream.push(token)
      await agent.progress(1, STEPS, desk.words.writing)
    },
  })
  if (finish !== 'stop') await note(stream, `> ${desk.words[CUT[finish]]}`)
  return usage
}

async function finish({ desk, brief, stream }: Session, usage: RunUsage | undefined): Promise<Written> {
  const results = [...brief.findings.map(({ result }) => result), ...asideResults(brief.asides)]
  const { marks, citations } = stream
  const reviewed = !desk.without.has('reviewer')
  const review = reviewed ? await reviewCitations(desk, { marks, citations, results }) : unreviewed(citations)
  await note(stream, reviewNote(review, desk.words))
  await stream.complete(review.citations)
  const flagged = review.dropped.length + review.doubtful.length
  return { citations: review.citations, flagged, reviewed, ...(usage === undefined ? {} : { usage }) }
}

async function note(stream: CitedStream, text: string): Promise<void> {
  if (text !== '') await stream.push(bridgeFrom(stream.text) + text)
}

function unreviewed(citations: ReadonlyMap<number, Citation>): CitationReview {
  return { citations: [...citations.values()], dropped: [], doubtful: [] }
}

function asideResults(asides: readonly Aside[]) {
  return asides.flatMap(({ finding }) => (finding === undefined ? [] : [finding.result]))
}

function highestMark(text: string): number {
  return Math.max(0, ...citationMarks(text).map((mark) => mark.n))
}
