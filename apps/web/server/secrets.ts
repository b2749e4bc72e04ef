import { hkdfSync } from 'node:crypto'

/** A key of its own for each purpose, from the server's one secret. 32 bytes. */
export function deriveKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `throughline/${purpose}`, 32))
}
