/** Slots of a Redis Cluster. */
export const SLOTS = 16_384

const TEXT = new TextEncoder()

/** The slot of a key: of what stands between its first braces, or of all of it when nothing does. */
export function slotOf(key: string): number {
  const open = key.indexOf('{')
  const close = open === -1 ? -1 : key.indexOf('}', open + 1)
  return crc16(TEXT.encode(close > open + 1 ? key.slice(open + 1, close) : key)) % SLOTS
}

/** CRC-16/XMODEM: polynomial 0x1021, from 0, nothing reflected. */
function crc16(bytes: Uint8Array): number {
  let crc = 0
  for (const byte of bytes) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc & 0x8000) === 0 ? crc << 1 : ((crc << 1) ^ 0x1021) & 0xffff
    }
  }
  return crc & 0xffff
}
