import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

/** Everything a bundler would take along, and what it would leave for the runtime to find. */
async function bundled(entry: string): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [join(import.meta.dirname, entry)],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['@throughline/source', 'edge-light', 'worker', 'import'],
    external: ['node:*'],
    logLevel: 'silent',
  })
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports.map(({ path }) => path))
  return [...Object.keys(metafile.inputs), ...imports]
}

test.each(['index.ts', 'fetch/index.ts', 'proxy/index.ts'])(
  'an edge runtime can load %s: no Node module, no metrics library, no logger',
  async (entry) => {
    const paths = await bundled(entry)
    expect(paths.length).toBeGreaterThan(2)
    expect(paths.filter((path) => /^node:|prom-client|node_modules\/pino/.test(path))).toEqual([])
  },
)
