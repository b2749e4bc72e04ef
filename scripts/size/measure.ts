import { build, type Metafile } from 'esbuild'
import { basename } from 'node:path'
import { gzipSync } from 'node:zlib'
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
  const { metafile, outputFiles } = await build({
    stdin: { contents: source, resolveDir: folder },
    bundle: true,
    minify: true,
    splitting: true,
    format: 'esm',
    target: 'es2023',
    outdir: folder,
    write: false,
    metafile: true,
    absWorkingDir: folder,
    external: [...external],
  })
  const weights = new Map(
    outputFiles.map(({ path, contents }) => [basename(path), gzipSync(contents, { level: 9 }).length]),
  )
  const weigh = (names: Iterable<string>): number =>
    [...names].reduce((sum, name) => sum + (weights.get(basename(name)) ?? 0), 0)
  const { outputs } = metafile
  const isFirst = (name: string): boolean => outputs[name]?.entryPoint === '<stdin>'
  const first = reach(outputs, Object.keys(outputs).filter(isFirst))
  const later = Object.entries(outputs).filter(
    ([name, output]) => output.entryPoint !== undefined && !isFirst(name),
  )
  return {
    bytes: weigh(first),
    lazy: later.map(([name, { entryPoint = name }]) => ({
      name: entryPoint,
      bytes: weigh([...reach(outputs, [name])].filter((part) => !first.has(part))),
    })),
  }
}

/** These files and all that they cannot do without. */
function reach(outputs: Metafile['outputs'], from: readonly string[]): Set<string> {
  const found = new Set(from)
  for (const name of found) {
    for (const { path, kind, external } of outputs[name]?.imports ?? []) {
      if (kind === 'import-statement' && external !== true) found.add(path)
    }
  }
  return found
}
