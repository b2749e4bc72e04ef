import { PostgresDialect, type Dialect } from 'kysely'
import pg from 'pg'

const POOL_SIZE = 10
const CONNECT_WITHIN_MS = 10_000
const QUERY_WITHIN_MS = 30_000

export interface PostgresOptions {
  /** Told about connections that broke while nobody used them. */
  readonly onError: (error: unknown) => void
}

/** Kysely on Postgres, by a pool of connections. */
export function openPostgres(url: string, { onError }: PostgresOptions): Dialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    statement_timeout: QUERY_WITHIN_MS,
    types: { getTypeParser },
  })
  pool.on('error', onError)
  return new PostgresDialect({ pool })
}

/** Our 64-bit numbers are times and sizes, which a double holds exactly. */
const getTypeParser: pg.CustomTypesConfig['getTypeParser'] = (id, format): unknown =>
  id === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(id, format)
