import { accountMutants } from './list/accounts.ts'
import { answerMutants } from './list/answers.ts'
import { clientMutants } from './list/client.ts'
import { gateMutants } from './list/gate.ts'
import { hubMutants } from './list/hub.ts'
import { logMutants } from './list/log.ts'
import { protocolMutants } from './list/protocol.ts'
import { runMutants } from './list/runs.ts'
import { redisMutants } from './list/redis.ts'
import { teamMutants } from './list/team.ts'
import type { Mutant } from './mutant.ts'

/** Every mutant, package by package. */
export const mutants: readonly Mutant[] = [
  ...protocolMutants,
  ...logMutants,
  ...redisMutants,
  ...hubMutants,
  ...gateMutants,
  ...runMutants,
  ...teamMutants,
  ...clientMutants,
  ...answerMutants,
  ...accountMutants,
]
