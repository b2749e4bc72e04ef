import { inflateRawSync } from 'node:zlib'
import { INTAKE_LIMITS, IntakeFault } from './intake-fault.ts'

const END_SIGNATURE = 0x06_05_4b_50
const ENTRY_SIGNATURE = 0x02_01_4b_50
const LOCAL_SIGNATURE = 0x04_03_4b_50
const END_BYTES = 22
const ENTRY_BYTES = 46
const LOCAL_BYTES = 30
const MAX_COMMENT = 65_535
const STORED = 0
const DEFLATED = 8

interface Entry {
  readonly name: string
  readonly encrypted: boolean
  readonly method: number
  readonly packedBytes: number
  readonly offset: number
}

/**
 * Makes sure that a DOCX is what it says before anything believes it: its parts are unpacked here, one by one and
 * never beyond the limit, whatever sizes it claims.
 * @throws IntakeFault `corrupt`, `encrypted`, `unsupported`, `too_large`
 */
export function checkDocx(bytes: Uint8Array): void {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries = readEntries(file)
  if (entries.some((entry) => entry.encrypted)) throw new IntakeFault('encrypted')
  if (!entries.some((entry) => entry.name === 'word/document.xml')) throw new IntakeFault('unsupported')
  let left = INTAKE_LIMITS.unpackedBytes
  // Pictures and fonts are never unpacked.
  for (const entry of entries.filter(({ name }) => /\.(?:xml|rels)$/i.test(name))) {
    left -= unpackedBytes(file, entry, left)
    if (left <= 0) throw new IntakeFault('too_large')
  }
}

function readEntries(file: Buffer): readonly Entry[] {
  const from = Math.max(0, file.length - END_BYTES - MAX_COMMENT)
  const end = file.subarray(from).lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end === -1) throw new IntakeFault('corrupt')
  const count = readU16(file, from + end + 10)
  let at = readU32(file, from + end + 16)
  if (readU32(file, from + end) !== END_SIGNATURE) throw new IntakeFault('corrupt')
  if (count > INTAKE_LIMITS.zipEntries) throw new IntakeFault('too_large')
  const entries: Entry[] = []
  for (let index = 0; index < count; index += 1) {
    if (readU32(file, at) !== ENTRY_SIGNATURE) throw new IntakeFault('corrupt')
    const nameBytes = readU16(file, at + 28)
    entries.push({
      name: file.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes),
      encrypted: (readU16(file, at + 8) & 1) === 1,
      method: readU16(file, at + 10),
      packedBytes: readU32(file, at + 20),
      offset: readU32(file, at + 42),
    })
    at += ENTRY_BYTES + nameBytes + readU16(file, at + 30) + readU16(file, at + 32)
  }
  return entries
}

function unpackedBytes(file: Buffer, { offset, method, packedBytes }: Entry, most: number): number {
  if (readU32(file, offset) !== LOCAL_SIGNATURE) throw new IntakeFault('corrupt')
  const start = offset + LOCAL_BYTES + readU16(file, offset + 26) + readU16(file, offset + 28)
  const packed = file.subarray(start, start + packedBytes)
  if (packed.length < packedBytes) throw new IntakeFault('corrupt')
  if (method === STORED) return packed.length
  if (method !== DEFLATED) throw new IntakeFault('unsupported')
  try {
    return inflateRawSync(packed, { maxOutputLength: most }).length
  } catch (cause) {
    const tooLarge = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE'
    throw new IntakeFault(tooLarge ? 'too_large' : 'corrupt', { cause })
  }
}

function readU16(file: Buffer, at: number): number {
  if (at < 0 || at + 2 > file.length) throw new IntakeFault('corrupt')
  return file.readUInt16LE(at)
}

function readU32(file: Buffer, at: number): number {
  if (at < 0 || at + 4 > file.length) throw new IntakeFault('corrupt')
  return file.readUInt32LE(at)
}
