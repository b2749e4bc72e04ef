/** What a token lets its bearer do beside using its own sessions. PROTOCOL.md §5. */
export type Scope = 'publish' | 'metrics'

/** Who a request comes from, as its token says. */
export interface Identity {
  readonly userId: string
  /** The login that the token belongs to: one sign-out ends all tokens of it. */
  readonly sid?: string
  readonly scopes: ReadonlySet<string>
  /** When the token was issued, ms since 1970; absent when it does not tell. */
  readonly issuedAt?: number
  /** When the token ends, ms since 1970. */
  readonly expiresAt: number
  readonly name?: string
  readonly guest: boolean
  /** The one session that a reader by a link may read, and may do nothing else. */
  readonly reads?: string
}

/** Who logs in. */
export interface Account {
  readonly userId: string
  readonly name: string
  readonly guest: boolean
}

/** Whether the token carries a scope. */
export function hasScope(identity: Identity, scope: Scope): boolean {
  return identity.scopes.has(scope)
}

/** Printable ASCII without spaces: what may name a user. A space is what the server's own records have. */
export const USER_ID_PATTERN = /^[\x21-\x7e]{1,128}$/
