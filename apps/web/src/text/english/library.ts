import { wordsOf } from '../words.ts'
import type { Said } from './index.ts'

const { counted } = wordsOf('en')

const PAGES = { one: 'page', other: 'pages' }
const PASSAGES = { one: 'passage', other: 'passages' }

/** How the server refused a file. */
export interface Refused {
  readonly status: number | undefined
  readonly message: string
}

/** What the library's screen says. */
export const library = {
  intro: 'What the team searches and quotes. Add documents of your own; only you can ask about them.',
  add: 'Add files',
  addFolder: 'Add a folder',
  dropHere: 'Drop files or folders to add them',
  dropHint: 'or drag files and folders here',
  kinds: 'Markdown, text, HTML, PDF and DOCX',
  search: 'Search your documents',
  yours: 'Your documents',
  empty: 'Nothing of yours yet',
  emptyText: 'Add a PDF, a folder of notes or a saved page, then ask about it. It is indexed on this server.',
  noMatch: 'No document has this in its name.',
  bundledNote: (documents: number, passages: number) =>
    `${counted(documents, PAGES)}, ${counted(passages, PASSAGES)}. It ships with the app and cannot be removed.`,
  loading: 'Loading the library',
  failed: 'The library could not be loaded.',
  offline: 'You are offline: this is the library as it was. Adding and removing wait until you are back.',
  uploading: 'Uploading',
  status: {
    queued: 'Waiting',
    indexing: 'Indexing',
    ready: 'Ready',
    failed: 'Failed',
    cancelled: 'Cancelled',
  },
  facts: (passages: number, pages: number | undefined) =>
    [...(pages === undefined ? [] : [counted(pages, PAGES)]), counted(passages, PASSAGES)].join(' · '),
  /** Why a file did not become a document. The server writes English; other languages say it by its code. */
  fault: ({ message }: Said) => message,
  /** Why a file was not taken, by the server’s status where that says it. */
  refused: ({ message }: Refused): string | undefined => message,
  progressOf: (name: string) => `Progress of ${name}`,
  cancelUpload: (name: string) => `Cancel ${name}`,
  remove: (name: string) => `Remove ${name}`,
  removeTitle: 'Remove from the library?',
  removeText: (title: string) =>
    `“${title}” and its passages go. Answers that quoted it keep their quotes, but the passages can no longer be opened.`,
  removeNow: 'Remove',
  removed: (title: string) => `${title} was removed`,
  duplicate: (name: string) => `${name} is already in the library`,
  tooMany: (limit: number) => `Only the first ${String(limit)} files were taken. Add the rest afterwards.`,
  added: (name: string) => `${name} was added`,
  dismiss: (name: string) => `Dismiss ${name}`,
  previewOf: 'What it contributes',
  passage: (n: number) => `Passage ${String(n)}`,
  page: (n: number) => `page ${String(n)}`,
  noPassages: 'Nothing in it can be searched yet.',
  previewFailed: 'Its passages could not be loaded.',
  morePassages: 'More passages',
  showMore: 'Show more',
}

/** These sentences in one language. */
export type LibraryStrings = typeof library
