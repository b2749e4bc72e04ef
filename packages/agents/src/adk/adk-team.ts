import { StreamError, type KnownDraft, type RunUsage } from '@throughline/protocol'
import type { Team, TeamContext } from '../run/team.ts'
import { startAnswer, type AnswerStream } from '../team/answer-stream.ts'
import { questionOf, scopeOf } from '../team/run-scope.ts'
import { askAdk, type AdkSettings } from './adk-client.ts'
import type { AdkEvent } from './adk-event.ts'

/** Agents shown of one run; the words of further ones are still part of the answer. */
const MAX_AGENTS = 32

/** A team that is an app of an ADK server elsewhere: its events become ours. */
export function createAdkTeam(settings: AdkSettings): Team {
  return { name: `adk ${settings.app}`, run: (context) => answer(settings, context) }
}

async function answer(settings: AdkSettings, { run, signal }: TeamContext): Promise<RunUsage | undefined> {
  const { userId, sessionId } = run
  const text = questionOf(run).content
  const scene = createScene({ run, signal })
  for await (const event of askAdk(settings, { userId, sessionId, text, signal })) {
    signal.throwIfAborted()
    if (event.errorCode !== undefined) {
      throw new StreamError('server_error', 'The agents’ server reported a failure. Try again.', {
        cause: new Error(event.errorCode.slice(0, 200)),
      })
    }
    await scene.take(event)
  }
  return scene.end()
}

/** Tells what an app's agents do and say. */
function createScene({ run, signal }: TeamContext) {
  const scope = scopeOf(run)
  const envelope = { runId: scope.runId, messageId: scope.messageId, parentId: scope.parentId }
  const agents = new Map<string, string>()
  /** What the speaker has said in pieces that no whole has confirmed yet. */
  let pieces = ''
  let speaker = ''
  let stream: AnswerStream | undefined
  let inputTokens = 0
  let outputTokens = 0

  const write = async (draft: KnownDraft): Promise<void> => {
    await run.writer.write({ ...envelope, ...draft })
  }
  const meet = async (agentName: string): Promise<string | undefined> => {
    const known = agents.get(agentName)
    if (known !== undefined || agents.size >= MAX_AGENTS) return known
    const agentId = `adk_${String(agents.size + 1)}_${agentName.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 48)}`
    agents.set(agentName, agentId)
    await write({ agentId, type: 'agent_started', data: { agentId, agentName } })
    return agentId
  }
  const say = async (text: string, agentId: string): Promise<void> => {
    if (text === '') return
    stream ??= await startAnswer({ writer: run.writer, scope, agentId })
    await stream.push(text)
  }
  /** The part of a text that was not said in pieces before; a new turn is a new paragraph. */
  const fresh = ({ author, partial, text }: AdkEvent): string => {
    if (text === '') return ''
    if (author !== speaker) pieces = ''
    speaker = author
    const said = pieces
    pieces = partial ? said + text : ''
    if (partial || said === '') return (said === '' && stream !== undefined ? '\n\n' : '') + text
    return text.startsWith(said) ? text.slice(said.length) : ''
  }

  return {
    async take(event: AdkEvent): Promise<void> {
      const { author, calls, thought } = event
      const agentId = await meet(author)
      // Only wholes carry what was used; pieces would count it again.
      if (!event.partial) {
        inputTokens += event.inputTokens
        outputTokens += event.outputTokens
      }
      if (agentId !== undefined && thought !== '') {
        run.writer.ephemeral({
          ...envelope,
          agentId,
          type: 'thinking_status',
          data: { agentId, isThinking: true },
        })
      }
      for (const name of event.partial ? [] : calls) {
        if (agentId === undefined) continue
        const task = { currentTask: `Using ${name.slice(0, 100)}`, progress: 0, estimatedTimeRemaining: null }
        await write({
          agentId,
          type: 'agent_progress',
          data: { agentId, agentName: author, status: 'working', ...task },
        })
      }
      await say(fresh(event), agentId ?? 'adk')
    },
    async end(): Promise<RunUsage | undefined> {
      signal.throwIfAborted()
      if (stream === undefined) {
        throw new StreamError('server_error', 'The agents’ server gave an empty answer. Try again.')
      }
      await stream.complete([], run.sessionId)
      for (const [agentName, agentId] of agents) {
        await write({ agentId, type: 'agent_completed', data: { agentId, agentName, status: 'completed' } })
      }
      return inputTokens + outputTokens === 0 ? undefined : { inputTokens, outputTokens }
    },
  }
}
