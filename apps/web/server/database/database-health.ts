import { StreamError } from '@throughline/protocol'
import type { HealthCheck, Logger } from '@throughline/server'
import type { Database } from './database.ts'

const NAME = 'the database of accounts'

export interface DatabaseHealthOptions {
  readonly database: Database
  /** Told once when it goes and once when it is back, with what the answer to strangers leaves out. */
  readonly logger: Pick<Logger, 'error' | 'warn'>
}

/** Whether the app's database answers, for `/readyz`. */
export function createDatabaseHealth({ database, logger }: DatabaseHealthOptions): HealthCheck {
  let isWell = true
  let asking: Promise<void> | undefined

  const ask = async (): Promise<void> => {
    try {
      await database.query.selectFrom('accounts').select('createdAt').limit(1).execute()
      if (!isWell) logger.warn({}, `${NAME} answers again`)
      isWell = true
    } catch (error) {
      if (isWell) logger.error({ err: error }, `${NAME} does not answer`)
      isWell = false
      throw new StreamError('server_error', `${NAME} does not answer`, { status: 503 })
    }
  }

  return {
    name: NAME,
    // Strangers may ask: one question at a time, whose answer is for all who came meanwhile.
    healthy: () =>
      (asking ??= ask().finally(() => {
        asking = undefined
      })),
  }
}
