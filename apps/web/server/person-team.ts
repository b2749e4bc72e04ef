import {
  createResearchModel,
  createResearchTeam,
  openaiCompatibleModel,
  type ModelSettings,
  type ResearchTeamOptions,
  type Team,
} from '@throughline/agents'
import { createGuardedFetch } from './settings/guarded-fetch.ts'
import type { ProviderSettings } from './settings/settings.ts'

export interface PersonTeamOptions extends Omit<ResearchTeamOptions, 'model'> {
  /** The server's model. Default: none, the team quotes. */
  readonly model?: ModelSettings | undefined
  /** The provider of whoever asked; `undefined`: the server's. */
  readonly providerOf: (userId: string) => Promise<ProviderSettings | undefined>
  /** Whether it may be on this machine or a private network. */
  readonly allowLocal: boolean
}

/** The research team, with the model of whoever asked: their key, their provider, their bill. */
export function createPersonTeam({ providerOf, allowLocal, ...options }: PersonTeamOptions): Team {
  const house = createResearchTeam(options)
  const fetch = createGuardedFetch(allowLocal ? { isAllowed: () => true } : {})
  return {
    name: house.name,
    async run(context) {
      const provider = await providerOf(context.run.userId)
      if (provider === undefined) return await house.run(context)
      const model = openaiCompatibleModel(provider, { fetch })
      const own = createResearchModel({ model, name: provider.model, origin: 'settings' })
      return await createResearchTeam({ ...options, model: own }).run(context)
    },
  }
}
