const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
const LENGTH = 10

/** A new life of a stream: random, so that no two ever share it. PROTOCOL.md §1. */
export function randomEpoch(): string {
  return randomToken(LENGTH)
}

/** `length` letters and digits, each as likely as the others. */
export function randomToken(length: number): string {
  let token = ''
  while (token.length < length) {
    for (const byte of crypto.getRandomValues(new Uint8Array(length * 2))) {
      // 252 is the last multiple of 36 in a byte: beyond it, some letters would come more often.
      if (byte < 252 && token.length < length) token += ALPHABET.charAt(byte % 36)
    }
  }
  return token
}
