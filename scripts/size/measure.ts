import { relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { rolldown, type OutputChunk } from 'rolldown'
import type { Budget } from './budgets.ts'

/** What a part weighs: bytes, minified and compressed. */
export interface Size {
  /** What is loaded at once. */
  readonly bytes: number
  /** What is loaded later, each piece beyond what is there by then. */
  readonly lazy: readonly { readonly name: string; readonly bytes: number }[]
}

/** Bundles a part out of the built packages, as an application's bundler would. @param folder where its imports are looked for */
export async function measure({ source, external = [] }: Budget, folder: string): Promise<Size> {
  const entry = 'part'
  const bundle = await rolldown({
    input: entry,
    cwd: folder,
    platform: 'browser',
    transform: { target: 'es2023' },
    external: (id) => external.some((name) => id === name || id.startsWith(`${name}/`)),
    plugins: [
      {
        name: entry,
        resolveId: (id, importer) => (importer === undefined ? `${folder}/${id}.js` : undefined),
        load: (id) => (id === `${folder}/${entry}.js` ? source : undefined),
      },
    ],
  })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  await bundle.close()
  const chunks = new Map(
    output.filter((part) => part.type === 'chunk').map((chunk) => [chunk.fileName, chunk]),
  )
  const weigh = (parts: Iterable<OutputChunk>): number =>
    [...parts].reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0)
  const first = reach(
    chunks,
    [...chunks.values()].filter(({ isEntry }) => isEntry),
  )
  const later = [...chunks.values()].filter(({ isDynamicEntry }) => isDynamicEntry)
  return {
    bytes: weigh(first),
    lazy: later.map((piece) => ({
      name: relative(folder, piece.facadeModuleId ?? piece.fileName),
      bytes: weigh([...reach(chunks, [piece])].filter((part) => !first.has(part))),
    })),
  }
}

/** These pieces and all that they cannot do without. */
function reach(chunks: ReadonlyMap<string, OutputChunk>, from: readonly OutputChunk[]): Set<OutputChunk> {
  const found = new Set(from)
  for (const { imports } of found) {
    for (const name of imports) {
      const chunk = chunks.get(name)
      if (chunk !== undefined) found.add(chunk)
    }
  }
  return found
}
