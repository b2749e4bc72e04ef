import { StreamError, type RunUsage } from '@throughline/protocol'
import type { ModelMessage } from 'ai'
import type { AgentReporter, ToolCall } from '../team/agent-reporter.ts'
import type { Desk } from '../team/desk.ts'
import { searchLine, type LineResearcher, type LineTask } from '../team/researcher.ts'
import { addUsage } from '../team/usage.ts'
import { createLibraryTools, type LibraryTools } from './library-tools.ts'
import { createNotebook, type LabelledPassage } from './notebook.ts'
import { ANSWER_NOW, readLabels, RESEARCH_INSTRUCTIONS, researchPrompt } from './research-prompt.ts'
import type { ResearchModel, ToolStep, ToolStepRequest } from './research-model.ts'
import { noticeOf } from './retry-notice.ts'

/** Times that the model is asked for one line of inquiry; the last time it is told to answer. */
const MAX_STEPS = 5
/** Passages of the first search that the model is shown. */
const SHOWN = 8

/**
 * A researcher whose model looks on from what the library's own search found, by tools over that library. Where the
 * provider has no tools, or fails, the search alone counts: looking on is worth having, not worth failing for.
 */
export function researchByModel(model: ResearchModel): LineResearcher {
  return async (desk, task) => {
    const notebook = createNotebook()
    const first = await searchLine(desk, task, task.line.query)
    const found = notebook.addResult(first)
    if (!model.takesTools()) return { result: first, calls: 0 }
    const { library, owners } = desk
    const search = (query: string) => searchLine(desk, task, query)
    const tools = createLibraryTools({ library, owners, search, notebook })
    const looked = await lookOn({ model, desk, task, tools, found })
    const { usage, calls } = looked
    return { result: notebook.result(looked.chosen), calls, ...(usage === undefined ? {} : { usage }) }
  }
}

interface LookOn {
  readonly model: ResearchModel
  readonly desk: Desk
  readonly task: LineTask
  readonly tools: LibraryTools
  readonly found: readonly LabelledPassage[]
}

interface LookedOn {
  /** Labels of the passages that the model chose, best first. */
  readonly chosen: readonly string[]
  readonly calls: number
  readonly usage: RunUsage | undefined
}

/** Asks, carries out what was called for, and asks again, until the model answers or has asked often enough. */
async function lookOn({ model, desk, task, tools, found }: LookOn): Promise<LookedOn> {
  const { agent, line } = task
  const content = researchPrompt(line.question, found.slice(0, SHOWN))
  const messages: ModelMessage[] = [{ role: 'user', content }]
  let usage: RunUsage | undefined
  let calls = 0
  for (let step = 1; step <= MAX_STEPS; step += 1) {
    if (step === MAX_STEPS) messages.push({ role: 'user', content: ANSWER_NOW })
    const request = { instructions: RESEARCH_INSTRUCTIONS, messages, tools: tools.tools }
    const said = await ask(model, desk, { request, agent })
    const made = tools.takeCalls()
    for (const call of [...made, ...(said?.refused ?? []).map(refusedCall)]) {
      await agent.used(call)
      await task.tell(step / MAX_STEPS, call.summary)
    }
    calls += made.length
    if (said === undefined) break
    usage = addUsage(usage, said.usage)
    if (!said.called) return { chosen: readLabels(said.text), calls, usage }
    messages.push(...said.messages)
  }
  return { chosen: [], calls, usage }
}

interface Asking {
  readonly request: ToolStepRequest
  readonly agent: AgentReporter
}

/** One step; `undefined` when the provider failed in a way that the answer can be written without. */
async function ask(
  model: ResearchModel,
  desk: Desk,
  { request, agent }: Asking,
): Promise<ToolStep | undefined> {
  agent.thinking(desk.words.lookingThrough)
  try {
    return await model.step(request, {
      signal: desk.signal,
      onRetry: (notice) => agent.thinking(noticeOf(notice, desk.words)),
    })
  } catch (error) {
    desk.signal.throwIfAborted()
    // What the writer would meet as well is told at once; anything else may be about tools alone.
    if (error instanceof StreamError && error.code !== 'auth_error' && error.code !== 'rate_limited')
      return undefined
    throw error
  }
}

/** The name of a tool is the model's own word. */
function refusedCall(name: string): ToolCall {
  return { tool: name.slice(0, 64), input: {}, summary: 'A call that could not be read' }
}
