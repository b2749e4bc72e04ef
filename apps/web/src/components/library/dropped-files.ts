/** Files of a folder that are taken; the rest is for the command line. */
const MAX_DROPPED = 500

/** What is never a document. */
const HIDDEN = /^\.|^node_modules$|^__MACOSX$/

/** The files that were dropped, those in folders included. @param items must be read before the event ends */
export async function droppedFiles(items: DataTransferItemList): Promise<readonly File[]> {
  const dropped = [...items].filter(({ kind }) => kind === 'file')
  const files: File[] = []
  const open: FileSystemEntry[] = []
  for (const item of dropped) {
    const entry = item.webkitGetAsEntry()
    // What is no part of a file system is a file all the same.
    if (entry === null) files.push(...[item.getAsFile() ?? []].flat())
    else open.push(entry)
  }
  for (let entry = open.shift(); entry !== undefined && files.length <= MAX_DROPPED; entry = open.shift()) {
    if (HIDDEN.test(entry.name)) continue
    if (isFile(entry)) files.push(await fileOf(entry))
    else open.push(...(await entriesOf(entry as FileSystemDirectoryEntry)))
  }
  return files
}

/** The files of a picked folder that are documents. */
export function pickedFiles(list: FileList | null): readonly File[] {
  return [...(list ?? [])].filter(
    ({ webkitRelativePath, name }) =>
      !(webkitRelativePath || name).split('/').some((part) => HIDDEN.test(part)),
  )
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject)
  })
}

async function entriesOf(directory: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = directory.createReader()
  const all: FileSystemEntry[] = []
  // A folder is read in batches until one is empty.
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject)
    })
    if (batch.length === 0 || all.length > MAX_DROPPED) return all
    all.push(...batch)
  }
}
