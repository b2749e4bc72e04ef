import type { FileKind, FileText } from '../library/library-file.ts'
import { normaliseText } from '../library/normalise.ts'
import { decodeText } from './file-kind.ts'
import { readHtml } from './html-markdown.ts'
import { INTAKE_LIMITS, IntakeFault } from './intake-fault.ts'
import { readDocx } from './read-docx.ts'
import { readPdf } from './read-pdf.ts'

export interface FileToRead {
  readonly kind: FileKind
  readonly bytes: Uint8Array
}

/** The text of a file as the library stores it. */
export type ReadText = Omit<FileText, 'id'>

/** Reads a file of any kind. @throws IntakeFault */
export async function readFile(file: FileToRead, onProgress: (share: number) => void): Promise<ReadText> {
  const { title, text, pageStarts } = await read(file, onProgress)
  if (text.length > INTAKE_LIMITS.characters) throw new IntakeFault('too_large')
  if (text.trim() === '') throw new IntakeFault('no_text')
  return {
    text,
    ...(title !== undefined && title !== '' && { title }),
    ...(pageStarts !== undefined && { pageStarts }),
  }
}

async function read(
  { kind, bytes }: FileToRead,
  onProgress: (share: number) => void,
): Promise<{ title?: string; text: string; pageStarts?: readonly number[] }> {
  switch (kind) {
    case 'pdf':
      return readPdf(bytes, onProgress)
    case 'docx': {
      const { markdown } = await readDocx(bytes)
      return { text: normaliseText(markdown) }
    }
    case 'html': {
      const { title, markdown } = readHtml(decoded(bytes))
      return { title, text: normaliseText(markdown) }
    }
    case 'markdown':
    case 'text':
      return { text: normaliseText(decoded(bytes)) }
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return decodeText(bytes)
  } catch (cause) {
    throw new IntakeFault('corrupt', { cause })
  }
}
