import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import ts from 'typescript'
import { scope } from './layers.mjs'
import { parseSourceFile, type SourceFile } from './source-file.ts'

/** The parsed source files of the packages and the app. */
export interface SourceTree {
  readonly files: readonly SourceFile[]
  /** The file of the tree an import leads to; undefined when it leads elsewhere. */
  readonly resolve: (from: SourceFile, specifier: string) => SourceFile | undefined
}

const ignoredFolders = new Set(['node_modules', 'dist'])

/** Reads the sources of every package and app below a repository's root. */
export function readSourceTree(root: string): SourceTree {
  const base = realpathSync(root)
  const files = [...homes(base, 'packages', 'src'), ...homes(base, 'apps', '')].flatMap(({ home, folder }) =>
    sourcePaths(join(base, folder)).map((file) => {
      const path = relative(base, file).split(sep).join('/')
      return parseSourceFile({ path, home, owner: home.replace(/^.*\//, '') }, readFileSync(file, 'utf8'))
    }),
  )
  return { files, resolve: createResolver(base, files) }
}

function homes(base: string, group: string, part: string) {
  const folder = join(base, group)
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ home: `${group}/${name}`, folder: join(group, name, part) }))
}

function sourcePaths(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (!entry.isDirectory()) return /(?<!\.d)\.tsx?$/.test(entry.name) ? [path] : []
    return ignoredFolders.has(entry.name) || entry.name.startsWith('.') ? [] : sourcePaths(path)
  })
}

function createResolver(base: string, files: readonly SourceFile[]): SourceTree['resolve'] {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const optionsByHome = new Map<string, ts.CompilerOptions>()
  const optionsOf = (home: string) => {
    const options = optionsByHome.get(home) ?? readOptions(join(base, home))
    optionsByHome.set(home, options)
    return options
  }
  return (from, specifier) => {
    const options = optionsOf(from.home)
    const aliases = Object.keys(options.paths ?? {}).map((alias) => alias.replace(/\*$/, ''))
    if (!['.', scope, ...aliases].some((start) => specifier.startsWith(start))) return undefined
    const { resolvedModule } = ts.resolveModuleName(specifier, join(base, from.path), options, ts.sys)
    return resolvedModule && byPath.get(relative(base, resolvedModule.resolvedFileName).split(sep).join('/'))
  }
}

/** Bundler resolution finds what Node, Next and the type checker find; the aliases are the app's own. */
function readOptions(home: string): ts.CompilerOptions {
  const file = join(home, 'tsconfig.json')
  const config = existsSync(file) ? ts.getParsedCommandLineOfConfigFile(file, {}, configHost) : undefined
  return {
    ...(config?.options.paths && { paths: config.options.paths, pathsBasePath: home }),
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    module: ts.ModuleKind.ESNext,
    allowImportingTsExtensions: true,
    customConditions: [`${scope}source`],
    jsx: ts.JsxEmit.Preserve,
  }
}

const configHost: ts.ParseConfigFileHost = {
  ...ts.sys,
  readDirectory: () => [],
  onUnRecoverableConfigFileDiagnostic: () => undefined,
}
