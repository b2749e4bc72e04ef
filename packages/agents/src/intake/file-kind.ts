import type { FileKind } from '../library/library-file.ts'

/** Bytes at the front of a file by which it is known. */
export const HEAD_BYTES = 4_096

/** What the first bytes say that a file is; a `fault` is one that no name can mend. */
export type SniffedKind =
  { readonly kind: FileKind } | { readonly fault: 'empty' | 'unsupported' | 'encrypted' }

const HTML =
  /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html|head|body|article|main|h1|p|div)\b/i
const MARKDOWN = /^(?: {0,3}#{1,6} \S|---\r?$|```|[-*+] \S|\d+\. \S|> \S)|\[[^\]\n]+\]\([^)\n]+\)|\*\*\S/m
const MARKDOWN_NAME = /\.(?:md|mdx|markdown|mkd)$/i

/**
 * Tells a file's kind by its content. A name decides only between Markdown and text, which are read the same way.
 * @param head At least {@link HEAD_BYTES} of the front, or all there is.
 */
export function sniffKind(head: Uint8Array, name: string): SniffedKind {
  if (head.length === 0) return { fault: 'empty' }
  const latin = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, HEAD_BYTES)).toString(
    'latin1',
  )
  if (latin.slice(0, 1_024).includes('%PDF-')) return { kind: 'pdf' }
  if (latin.startsWith('PK\x03\x04')) return { kind: 'docx' }
  // A Word document under a password is packed like the Word documents of old.
  if (latin.startsWith('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')) {
    return {
      fault: latin.includes('E\0n\0c\0r\0y\0p\0t') || !/\.docx?$/i.test(name) ? 'unsupported' : 'encrypted',
    }
  }
  const text = readHead(head)
  if (text === undefined) return { fault: 'unsupported' }
  if (text.trim() === '' && head.length < HEAD_BYTES) return { fault: 'empty' }
  if (HTML.test(text)) return { kind: 'html' }
  return { kind: MARKDOWN_NAME.test(name) || MARKDOWN.test(text) ? 'markdown' : 'text' }
}

function readHead(head: Uint8Array): string | undefined {
  try {
    // As a stream: the last character may be cut.
    const text = decoderOf(head).decode(head.subarray(0, HEAD_BYTES), { stream: true })
    return /[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text) ? undefined : text
  } catch {
    return undefined
  }
}

/** The whole of a text file: UTF-8, or UTF-16 that says so. @throws TypeError when it is neither */
export function decodeText(bytes: Uint8Array): string {
  return decoderOf(bytes).decode(bytes)
}

function decoderOf(bytes: Uint8Array): TextDecoder {
  const mark = `${String(bytes[0])} ${String(bytes[1])}`
  const encoding = mark === '255 254' ? 'utf-16le' : mark === '254 255' ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding, { fatal: true })
}
