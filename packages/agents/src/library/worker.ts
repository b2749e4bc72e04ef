import { parentPort, workerData } from 'node:worker_threads'
import type { CorpusProgress } from './document.ts'
import { createFileAgreements } from './file-agreement.ts'
import { createFileStore } from './file-store.ts'
import { importCorpus } from './import-corpus.ts'
import type {
  LibraryCalls,
  LibraryOperation,
  LibraryRefusal,
  LibraryReply,
  LibraryRequest,
} from './library-calls.ts'
import { LibraryFault } from './library-fault.ts'
import { LibraryStore } from './library-store.ts'
import { searchLibrary } from './search.ts'

type Handlers = {
  readonly [Each in LibraryOperation]: (
    argument: LibraryCalls[Each]['request'],
    report: (progress: CorpusProgress) => void,
  ) => LibraryCalls[Each]['response']
}

/** Answers requests one after the other; SQLite is synchronous, and this thread is where that does no harm. */
function serve(path: string): void {
  const reply = (message: LibraryReply): void => parentPort?.postMessage(message)
  const opened = attempt(() => new LibraryStore({ path, now: Date.now }))
  if ('refusal' in opened) {
    reply({ id: 0, kind: 'refused', refusal: opened.refusal })
    return
  }
  const handlers = handlersOf(opened.value)
  const answer = <Each extends LibraryOperation>({ id, operation, argument }: LibraryRequest<Each>): void => {
    const report = (progress: CorpusProgress): void => reply({ id, kind: 'progress', progress })
    const outcome = attempt(() => handlers[operation](argument, report))
    if ('refusal' in outcome) reply({ id, kind: 'refused', refusal: outcome.refusal })
    else reply({ id, kind: 'done', value: outcome.value })
  }
  parentPort?.on('message', (request: LibraryRequest) => {
    answer(request)
    if (request.operation === 'close') parentPort?.close()
  })
  reply({ id: 0, kind: 'done', value: null })
}

function handlersOf(store: LibraryStore): Handlers {
  const files = createFileStore(store, Date.now)
  const agreements = createFileAgreements(store)
  return {
    addDocument: (input) => store.add(input),
    search: (options) => searchLibrary(store, options),
    getDocument: ({ id, owners }) => store.get(id, owners),
    getPassage: ({ documentId, start, end, owners }) => store.passage(documentId, { start, end }, owners),
    listDocuments: ({ owner }) => store.list(owner),
    listPassages: ({ documentId, owners, after, limit }) =>
      store.passages(documentId, owners, { after, limit }),
    addFile: (file) => files.add(file),
    getFile: ({ id, owners }) => files.get(id, owners),
    listFiles: (query) => files.list(query),
    countWaiting: ({ owner }) => files.waiting(owner),
    requeueFiles: () => {
      files.requeue()
      return null
    },
    takeFile: () => files.take(),
    tellProgress: ({ id, progress }) => {
      files.progress(id, progress)
      return null
    },
    indexFile: (text) => files.index(text),
    failFile: ({ id, ...error }) => {
      files.fail(id, error)
      return null
    },
    cancelFile: ({ id, owner }) => files.cancel(id, owner),
    removeFile: ({ id, owner }) => files.remove(id, owner),
    findFile: ({ owner, content }) => files.find(owner, content),
    giveFiles: ({ from, to }) => files.give(from, to),
    removeFiles: ({ owner }) => {
      files.removeAll(owner)
      return null
    },
    agreeFiles: (agreement) => agreements.agree(agreement),
    followedPlace: () => agreements.place(),
    countShared: () => files.shared(),
    removeDocument: ({ id, owner }) => store.remove(id, owner),
    importCorpus: (corpus, report) => importCorpus(store, corpus, report),
    close: () => {
      store.close()
      return null
    },
  }
}

function attempt<T>(work: () => T): { readonly value: T } | { readonly refusal: LibraryRefusal } {
  try {
    return { value: work() }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    if (error instanceof LibraryFault)
      return { refusal: { code: error.code, message: error.message, detail } }
    const message =
      'The document library could not do this. Try again; if it happens again, see the server’s log.'
    return { refusal: { code: 'server_error', message, detail } }
  }
}

const data: unknown = workerData
if (typeof data === 'object' && data !== null && 'path' in data && typeof data.path === 'string')
  serve(data.path)
