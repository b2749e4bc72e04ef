import type { Identity, Scope } from '../auth/identity.ts'
import type { Source } from '../gate/origin-policy.ts'
import type { GatewayRequest, GatewayResponse } from './exchange.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One request on its way to a route. */
export interface Call {
  readonly request: GatewayRequest
  /** Of the path's `:name` parts, decoded and well-formed. */
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly source: Extract<Source, { ok: true }>
}

/** A call whose caller is known. */
export interface UserCall extends Call {
  readonly identity: Identity
  /** Whether the credentials came by cookie, which a page sends without meaning to. */
  readonly byCookie: boolean
}

interface RouteBase {
  readonly method: Method
  /** `/api/sessions/:sessionId/messages`; a part that begins with `:` matches one path segment. */
  readonly pattern: string
  /** Looks at what is asked for before it is looked at who asks. @throws StreamError 400 */
  readonly check?: (call: Call) => void
}

/** A route that anybody may call, limited by address unless it only reads. */
export interface OpenRoute extends RouteBase {
  readonly access: 'open'
  handle(call: Call): Promise<GatewayResponse>
}

/** A route for a user, or for a token with a scope. */
export interface UserRoute extends RouteBase {
  readonly access: 'user' | Scope
  /** It has bounds of its own for each user, so its calls do not count as commands. Default: false. */
  readonly boundsItself?: boolean
  handle(call: UserCall): Promise<GatewayResponse>
}

/** A route for a reader who came by the link of `:shareId`. It only reads. */
export interface ReaderRoute extends RouteBase {
  readonly method: 'GET'
  readonly access: 'reader'
  handle(call: UserCall): Promise<GatewayResponse>
}

/** One method of one path. The app adds its own to `createGateway`, and they stand behind the same gate. */
export type Route = OpenRoute | UserRoute | ReaderRoute
