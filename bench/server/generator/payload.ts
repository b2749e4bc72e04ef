import { seeded } from '../../harness/random.ts'

/** Bytes of each event's payload. */
export const PAYLOAD_BYTES = 200

/** Begins a payload and ends its numbers; occurs nowhere else in what servers send. */
const MARK = 0x7e
const LABEL_DIGITS = 6
const NUMBER_DIGITS = 9
const NUMBER_AT = 1 + LABEL_DIGITS + 1
const TEXT_AT = NUMBER_AT + NUMBER_DIGITS + 1
const TEXT_BYTES = PAYLOAD_BYTES - TEXT_AT
const SOURCE_BYTES = 8_192
const LETTERS = 'abcdefghijklmnopqrstuvwxyz 0123456789'

const random = seeded(20_261_123)
const source = Array.from(
  { length: SOURCE_BYTES },
  () => LETTERS[Math.floor(random() * LETTERS.length)] ?? ' ',
).join('')
const sourceBytes = Buffer.from(source, 'latin1')

/** `~label.number~text`: who it is for, which one it is, and text that follows from both. */
export function payload(label: number, number: number): string {
  const at = textPlace(label, number)
  const head = `~${String(label).padStart(LABEL_DIGITS, '0')}.${String(number).padStart(NUMBER_DIGITS, '0')}~`
  return head + source.slice(at, at + TEXT_BYTES)
}

/** Where the next payload begins, or -1. */
export function findPayload(bytes: Buffer, from: number): number {
  return bytes.indexOf(MARK, from)
}

/** Whose payload it is that begins here. */
export function labelOf(bytes: Buffer, at: number): number {
  return numberAt(bytes, at + 1, LABEL_DIGITS)
}

/** Whether the payload that begins here is exactly that one of its label. */
export function isPayload(bytes: Buffer, at: number, label: number, number: number): boolean {
  if (bytes[at + TEXT_AT - 1] !== MARK) return false
  if (numberAt(bytes, at + NUMBER_AT, NUMBER_DIGITS) !== number) return false
  const place = textPlace(label, number)
  return bytes.compare(sourceBytes, place, place + TEXT_BYTES, at + TEXT_AT, at + PAYLOAD_BYTES) === 0
}

function textPlace(label: number, number: number): number {
  return (label * 31 + number * 17) % (SOURCE_BYTES - TEXT_BYTES)
}

function numberAt(bytes: Buffer, at: number, digits: number): number {
  let value = 0
  for (let index = at; index < at + digits; index += 1) value = value * 10 + (bytes[index] ?? 0) - 0x30
  return value
}
