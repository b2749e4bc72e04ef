import type { FileFaultCode } from '../library/library-file.ts'
import type { FileToRead, ReadText } from './read-file.ts'

/** What the process that reads files is asked. */
export interface ReadRequest {
  readonly id: number
  readonly file: FileToRead
}

/** What it answers: progress, then one end. */
export type ReadReply =
  | { readonly id: number; readonly kind: 'progress'; readonly share: number }
  | { readonly id: number; readonly kind: 'read'; readonly text: ReadText }
  | { readonly id: number; readonly kind: 'fault'; readonly code: FileFaultCode; readonly detail: string }
