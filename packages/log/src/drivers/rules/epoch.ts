const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
const LENGTH = 10

/** A new life of a stream: random, so that no two ever share it. PROTOCOL.md §1. */
export function randomEpoch(): string {
  let epoch = ''
  while (epoch.length < LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH * 2))) {
      // 252 is the last multiple of 36 in a byte: beyond it, some letters would come more often.
      if (byte < 252 && epoch.length < LENGTH) epoch += ALPHABET.charAt(byte % 36)
    }
  }
  return epoch
}
