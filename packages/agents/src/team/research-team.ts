import { authorByModel } from '../provider/model-author.ts'
import { planByModel } from '../provider/model-planner.ts'
import { researchByModel } from '../provider/model-researcher.ts'
import type { ModelSettings } from '../provider/model-settings.ts'
import { createResearchModel, openaiCompatibleModel, type ResearchModel } from '../provider/research-model.ts'
import type { Team } from '../run/team.ts'
import { answerRun, type Crew } from './answer-run.ts'
import type { AgentRole, Desk } from './desk.ts'
import { planByLibrary } from './planner.ts'
import { authorByQuotes } from './quoting-author.ts'
import { researchByLibrary } from './researcher.ts'
import { listenToInputs } from './run-inputs.ts'
import { scopeOf } from './run-scope.ts'
import { createStepTimes, type StepTimes } from './step-times.ts'
import type { TeamLibrary } from './team-library.ts'
import { wordsFor } from './words/words-for.ts'

export interface ResearchTeamOptions {
  readonly library: TeamLibrary
  /** Default: none, the team quotes. */
  readonly model?: ResearchModel | ModelSettings | undefined
  /** Agents to switch off. Default: none. */
  readonly without?: readonly AgentRole[]
  /** Default `Date.now`. */
  readonly now?: () => number
  /** What steps took before; they are noted here. Default: known to this team alone, until the process ends. */
  readonly stepTimes?: Pick<StepTimes, 'add' | 'typicalMs'>
}

/**
 * A team of planner, researchers, writer and reviewer over a document library. Without a model it quotes and never
 * waits; with one the model plans, looks on from what the researchers' searches found, and writes from that.
 */
export function createResearchTeam(options: ResearchTeamOptions): Team {
  const { library, without = [], now = Date.now, stepTimes = createStepTimes() } = options
  const model = options.model && modelOf(options.model)
  const crew: Crew = model
    ? { planner: planByModel(model), researcher: researchByModel(model), author: authorByModel(model) }
    : { planner: planByLibrary, researcher: researchByLibrary, author: authorByQuotes }
  const name = model ? `model ${model.name}` : 'built-in'
  return {
    name,
    async run({ run, signal, park = (wait) => wait(signal) }) {
      const inputs = listenToInputs(run)
      const owners = [run.userId, null]
      const desk: Desk = {
        run,
        scope: scopeOf(run),
        library,
        owners,
        signal,
        park,
        without: new Set(without),
        now,
        times: stepTimes,
        team: name,
        words: wordsFor(run.input.options?.language),
      }
      try {
        return await answerRun(desk, crew, inputs)
      } finally {
        inputs.close()
      }
    },
  }
}

function modelOf(model: ResearchModel | ModelSettings): ResearchModel {
  if ('stream' in model) return model
  const { prices } = model
  return createResearchModel({
    model: openaiCompatibleModel(model),
    name: model.model,
    ...(prices === undefined ? {} : { prices }),
  })
}
