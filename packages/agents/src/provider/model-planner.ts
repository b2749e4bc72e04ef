import { planQuestions } from '../extract/plan-questions.ts'
import { runAgent } from '../team/desk.ts'
import { ownLine, PLANNER, understand, type Planner } from '../team/planner.ts'
import { planPrompt, readPlan } from './plan-prompt.ts'
import type { ResearchModel } from './research-model.ts'
import { noticeOf } from './retry-notice.ts'

/** A planner that asks a model for sub-questions; where its answer cannot be read, the library's own plan is taken. */
export function planByModel(model: ResearchModel): Planner {
  return (desk, request) =>
    runAgent(desk, { ...PLANNER, task: desk.words.planning }, async (agent) => {
      await agent.progress(0, 2, desk.words.lookingAround)
      const { question, search } = await understand(desk, request)
      await agent.progress(1, 2, desk.words.askingForLines)
      agent.thinking(desk.words.planning)
      const { text, usage } = await model.ask(
        planPrompt(request.question, request.history, search.passages),
        {
          signal: desk.signal,
          onRetry: (notice) => agent.thinking(noticeOf(notice, desk.words)),
        },
      )
      const questions = readPlan(text)
      const lines =
        questions.length > 0
          ? [ownLine(question), ...questions.map(ownLine)]
          : planQuestions(question, search, desk.words.plan)
      const distinct = [...new Map(lines.map((line) => [line.query.toLowerCase(), line])).values()].slice(
        0,
        MAX_LINES,
      )
      return {
        value: { question: request.question, lines: distinct, usage },
        summary: desk.words.planned(distinct.length, questions.length > 0),
      }
    })
}

const MAX_LINES = 5
