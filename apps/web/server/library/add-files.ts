import { open, readdir, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { HEAD_BYTES, INTAKE_LIMITS, sniffKind } from '@throughline/agents'
import { StreamError } from '@throughline/protocol'

export interface AddFilesOptions {
  /** Files and folders. */
  readonly paths: readonly string[]
  /** Of the server. */
  readonly url: string
  readonly token: string
  /** Whether they become everybody's instead of the token's user's. */
  readonly everybody: boolean
  /** Told after each file, and while files are being read. */
  readonly onProgress: (progress: AddProgress) => void
}

export interface AddProgress {
  readonly sent: number
  readonly total: number
  /** Files that the server has yet to read. */
  readonly waiting: number
}

/** What became of the files; each refused or failed one with its reason. */
export interface AddedFiles {
  readonly added: number
  readonly duplicates: number
  /** Files of no kind that a library reads. */
  readonly skipped: number
  readonly failed: readonly { readonly name: string; readonly reason: string }[]
}

interface Listed {
  readonly id: string
  readonly status: string
  readonly error?: { readonly message: string }
}

/** What somebody else did to a file that waited. */
const GIVEN_UP: Readonly<Record<string, string>> = {
  cancelled: 'Reading the file was cancelled.',
  removed: 'The file was removed before it was read.',
}
const AT_ONCE = 4
const MAX_TRIES = 60
const POLL_MS = 250
const NAME_LENGTH = 255

/** Sends files and folders to a server's library and waits until they are read. @throws StreamError */
export async function addFiles(options: AddFilesOptions): Promise<AddedFiles> {
  const { url, token, everybody, onProgress } = options
  const owner = everybody ? '&owner=everybody' : ''
  const files: { path: string; name: string }[] = []
  for (const path of options.paths) for await (const file of filesUnder(path)) files.push(file)
  const names = new Map<string, string>()
  const failed: { name: string; reason: string }[] = []
  let sent = 0
  let duplicates = 0
  let skipped = 0

  const send = async ({ path, name }: { path: string; name: string }): Promise<void> => {
    const bytes = await readSmall(path).catch(unreadable)
    if (bytes === 'other') skipped += 1
    else if (typeof bytes === 'string') failed.push({ name, reason: bytes })
    else {
      const target = `${url}/api/library/documents?name=${encodeURIComponent(name)}${owner}`
      const answer = await post(target, token, bytes)
      if ('reason' in answer) failed.push({ name, reason: answer.reason })
      else if (answer.duplicate === true) duplicates += 1
      else names.set(answer.document.id, name)
    }
    sent += 1
    onProgress({ sent, total: files.length, waiting: names.size })
  }

  const queue = files.values()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const file of queue) await send(file)
    }),
  )

  const left = new Set(names.keys())
  let broken = 0
  while (left.size > 0) {
    for (const id of left) {
      const { status, error } = await document(`${url}/api/library/documents/${id}/status?${owner}`, token)
      if (status === 'queued' || status === 'indexing') break
      left.delete(id)
      const reason = error?.message ?? GIVEN_UP[status]
      if (reason === undefined) continue
      broken += 1
      failed.push({ name: names.get(id) ?? id, reason })
    }
    onProgress({ sent, total: files.length, waiting: left.size })
    if (left.size > 0) await wait(POLL_MS)
  }
  return { added: names.size - broken, duplicates, skipped, failed }
}

async function* filesUnder(path: string): AsyncGenerator<{ path: string; name: string }> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) {
    throw new StreamError('not_found', `There is no file or folder ${path}.`)
  }
  if (found.isFile()) {
    yield { path, name: basename(path) }
    return
  }
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  for (const entry of entries.sort((a, b) =>
    join(a.parentPath, a.name).localeCompare(join(b.parentPath, b.name)),
  )) {
    const whole = join(entry.parentPath, entry.name)
    const inside = relative(path, whole).split(sep)
    // Hidden folders hold no documents; links may lead out of the folder.
    if (!entry.isFile() || inside.some((part) => part.startsWith('.') || part === 'node_modules')) continue
    yield { path: whole, name: inside.join('/').slice(-NAME_LENGTH) }
  }
}

/** The bytes, why they cannot be taken, or `other` for what is no document. */
async function readSmall(path: string): Promise<Uint8Array<ArrayBuffer> | string> {
  await using file = await open(path)
  const { size } = await file.stat()
  const head = Buffer.alloc(Math.min(size, HEAD_BYTES))
  await file.read(head, 0, head.length, 0)
  const sniffed = sniffKind(head, path)
  if ('fault' in sniffed && sniffed.fault === 'unsupported') return 'other'
  if (size > INTAKE_LIMITS.fileBytes) return 'The file is too large. Split it and add the parts.'
  const bytes = new Uint8Array(size)
  await file.read(bytes, 0, size, 0)
  return bytes
}

function unreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
  return `The file cannot be read (${code}). See that it is still there and that you may read it.`
}

interface Accepted {
  readonly document: Listed
  readonly duplicate?: boolean
}

async function post(
  target: string,
  token: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<Accepted | { readonly reason: string }> {
  for (let tries = 1; ; tries += 1) {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' }
    const response = await fetch(target, { method: 'POST', headers, body })
    if (response.ok) return (await response.json()) as Accepted
    const { detail, title } = (await response.json()) as { detail?: string; title: string }
    const reason = detail ?? title
    if (response.status === 401) throw new StreamError('auth_error', reason)
    if (response.status !== 429 || tries >= MAX_TRIES) return { reason }
    await wait(1_000 * Number(response.headers.get('retry-after') ?? 1))
  }
}

async function document(target: string, token: string): Promise<Listed> {
  const response = await fetch(target, { headers: { authorization: `Bearer ${token}` } })
  if (response.status === 404) return { id: '', status: 'removed' }
  if (!response.ok) throw new StreamError('server_error', `The server answered ${String(response.status)}.`)
  return ((await response.json()) as { document: Listed }).document
}
