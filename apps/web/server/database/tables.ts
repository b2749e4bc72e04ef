/** A person with an e-mail address and a password. Written by the account library. */
export interface AccountsTable {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly createdAt: string | Date
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
  readonly estates: EstatesTable
  readonly shares: SharesTable
  readonly settings: SettingsTable
  readonly originals: OriginalsTable
}
