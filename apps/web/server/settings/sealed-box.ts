import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Keeps short secrets in a database whose files others may come to read. */
export interface SealedBox {
  /** Ciphertext that opens for the same owner only. */
  seal(text: string, owner: string): string
  /** `undefined` when it was sealed under another key or for another owner, or was changed. */
  open(sealed: string, owner: string): string | undefined
}

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const VERSION = 'v1.'

/** AES-256-GCM under a key of 32 bytes; the owner is authenticated along, so that a row copied to another user is void. */
export function createSealedBox(key: Buffer): SealedBox {
  return {
    seal(text, owner) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(bound(owner))
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return VERSION + sealed.toString('base64url')
    },
    open(sealed, owner) {
      if (!sealed.startsWith(VERSION)) return undefined
      const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url')
      if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined
      const tagAt = bytes.length - TAG_BYTES
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(bound(owner))
        .setAuthTag(bytes.subarray(tagAt))
      try {
        const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, tagAt)), decipher.final()])
        return text.toString('utf8')
      } catch {
        return undefined
      }
    },
  }
}

/** What is authenticated along and not stored: whose it is. */
function bound(owner: string): Buffer {
  return Buffer.from(owner)
}
