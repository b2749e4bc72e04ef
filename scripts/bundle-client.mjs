import { build } from 'esbuild'
import { join } from 'node:path'
import { root } from './toolchain.mjs'

// The client in one file, for pages without a bundler: `<script src>` makes it `throughline`.
const dist = join(root, 'packages', 'client', 'dist')
await build({
  entryPoints: [join(dist, 'index.js')],
  outfile: join(dist, 'browser.js'),
  bundle: true,
  minify: true,
  sourcemap: true,
  format: 'iife',
  globalName: 'throughline',
  target: 'es2023',
  logLevel: 'warning',
})
