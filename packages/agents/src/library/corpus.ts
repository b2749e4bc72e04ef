import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { existsSync } from 'node:fs'
import type { Corpus } from './document.ts'

/**
 * The documentation that ships inside the `next` package as installed for `base`, or `null` when there is none.
 * @param base Address of a module or folder of the app, e.g. its `import.meta.url`: `next` is resolved from there.
 */
export function findNextDocs(base: string | URL): Corpus | null {
  const manifest = resolveManifest(base)
  if (manifest === null) return null
  const directory = join(dirname(manifest), 'dist', 'docs')
  if (!existsSync(directory)) return null
  return { name: 'next', version: versionOf(manifest), directory, sourcePrefix: 'next/dist/docs/' }
}

function resolveManifest(base: string | URL): string | null {
  try {
    return createRequire(base).resolve('next/package.json')
  } catch {
    return null
  }
}

function versionOf(manifest: string): string {
  const parsed: unknown = JSON.parse(readFileSync(manifest, 'utf8'))
  const named =
    typeof parsed === 'object' && parsed !== null && 'version' in parsed ? parsed.version : undefined
  return typeof named === 'string' ? named : 'unknown'
}
