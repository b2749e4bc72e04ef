/** A person with an e-mail address and a password, in the account library's shape. */
export interface AccountsTable {
  readonly id: string
  readonly name: string
  readonly email: string
  /** Whether its owner has shown that mail to the address arrives. SQLite has numbers for it. */
  readonly emailVerified: boolean | 0 | 1
  readonly createdAt: string | Date
  readonly updatedAt: string | Date
}

/** The password of an account, in the account library's shape. */
export interface CredentialsTable {
  readonly id: string
  /** The user's id once more. */
  readonly accountId: string
  readonly providerId: string
  readonly userId: string
  readonly password: string | null
  readonly createdAt: string | Date
  readonly updatedAt: string | Date
}

/** A mail that somebody asked for. The secret of its link is nowhere. */
export interface LettersTable {
  readonly id: string
  readonly kind: 'sign-up' | 'reset' | 'changed'
  readonly email: string
  readonly language: 'en' | 'de'
  /** Of a sign-up: the password that the account is to have, hashed. */
  readonly passwordHash: string | null
  /** Of a sign-up: the guest whose account it will be. Of others: whose account it is, once that was looked at. */
  readonly userId: string | null
  readonly createdAt: number
  /** How often sending was tried. */
  readonly tries: number
  /** When it is to be sent, or tried again; `null`: sent, and its link waits to be used. */
  readonly dueAt: number | null
  /** Until when its link is good; `null`: never sent, so there is none. */
  readonly expiresAt: number | null
}

/** A user that is over, and who gets what it owned; `null`: it is removed. */
export interface EstatesTable {
  readonly userId: string
  readonly heir: string | null
  readonly createdAt: number
}

/** A read-only link to a session. The secret itself is nowhere. */
export interface SharesTable {
  readonly id: string
  readonly sessionId: string
  readonly userId: string
  readonly secretHash: string
  readonly createdAt: number
  /** ms since 1970; `null`: until it is revoked. */
  readonly expiresAt: number | null
}

/** What a person chose. */
export interface SettingsTable {
  readonly userId: string
  /** JSON. */
  readonly preferences: string
  /** JSON; `null`: the server's. */
  readonly provider: string | null
  /** The provider key, sealed; `null`: none. */
  readonly sealedKey: string | null
  readonly updatedAt: number
}

/** A file as it was uploaded. */
export interface OriginalsTable {
  /** Empty for what belongs to everybody. */
  readonly userId: string
  readonly documentId: string
  /** Of `bytes`. */
  readonly size: number
  readonly bytes: Uint8Array
  /** Later than before: handed in again. */
  readonly createdAt: number
  readonly name: string
  readonly kind: string
  /** SHA-256 of `bytes`; empty for what was uploaded before files were described here. */
  readonly content: string
  /** 1: not to be read. */
  readonly cancelled: number
}

/** What all nodes of the app share, apart from the log. */
export interface Tables {
  readonly accounts: AccountsTable
  readonly credentials: CredentialsTable
  readonly letters: LettersTable
  readonly estates: EstatesTable
  readonly shares: SharesTable
  readonly settings: SettingsTable
  readonly originals: OriginalsTable
}
