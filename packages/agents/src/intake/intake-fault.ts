import type { FileFaultCode } from '../library/library-file.ts'

/** Most a file may hold, however small it is when packed. */
export const INTAKE_LIMITS = {
  /** Bytes of a file. */
  fileBytes: 33_554_432,
  /** Bytes of a DOCX once unpacked, as far as they are read. */
  unpackedBytes: 67_108_864,
  zipEntries: 10_000,
  pages: 5_000,
  /** Characters of the text that a file gives. */
  characters: 8_000_000,
  /** Memory of the process that reads files. */
  memoryBytes: 805_306_368,
  /** Time to read one file. */
  timeMs: 120_000,
} as const

const REASONS: Readonly<Record<FileFaultCode, string>> = {
  empty: 'The file is empty.',
  no_text: 'The file holds no text to search. If it is a scan, run text recognition on it and add it again.',
  unsupported: 'Files of this kind cannot be read. Add Markdown, text, HTML, PDF or DOCX.',
  encrypted: 'The file is protected by a password. Remove the protection and add it again.',
  corrupt: 'The file is damaged. Open it where it came from, save it anew and add it again.',
  too_large: 'The file unpacks to more than can be read at once. Split it and add the parts.',
  too_slow: 'The file took too long to read. Split it and add the parts.',
  too_many_pages: `The file has more than ${String(INTAKE_LIMITS.pages)} pages. Split it and add the parts.`,
  missing: 'The file’s original is no longer there. Add it again.',
  failed: 'The file could not be read. Add it again.',
}

/** Why a file does not become a document; the message is for its owner. */
export class IntakeFault extends Error {
  override readonly name = 'IntakeFault'
  readonly code: FileFaultCode

  constructor(code: FileFaultCode, options?: ErrorOptions) {
    super(REASONS[code], options)
    this.code = code
  }
}
