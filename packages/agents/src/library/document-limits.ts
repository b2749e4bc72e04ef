import type { DocumentInput } from './document.ts'
import { LibraryFault } from './library-fault.ts'

/** Largest text of one document, in UTF-16 code units. */
const MAX_DOCUMENT_CHARACTERS = 8_000_000
const MAX_SOURCE_CHARACTERS = 1_024

/** @throws LibraryFault `invalid_request` for what the library does not take. */
export function checkDocument(input: DocumentInput): void {
  if (input.owner === '') throw new LibraryFault('invalid_request', 'A document needs an owner.')
  if (input.source.length > MAX_SOURCE_CHARACTERS) {
    throw new LibraryFault('invalid_request', 'The name of the source is too long: at most 1,024 characters.')
  }
  if (input.text.length > MAX_DOCUMENT_CHARACTERS) {
    throw new LibraryFault(
      'invalid_request',
      'The document is too long: at most 8,000,000 characters. Split it.',
    )
  }
  if (input.text.trim() === '')
    throw new LibraryFault('invalid_request', 'The document has no text to search.')
}
