import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { rules } from './rules.ts'
import { readSourceTree } from './source-tree.ts'

const folders: string[] = []

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** Writes the files into a folder of their own and answers which rules they break, as `rule path:line`. */
function broken(files: Record<string, string>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'structure-'))
  folders.push(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const tree = readSourceTree(root)
  return rules.flatMap((rule) => rule(tree)).map(({ rule, path, line }) => `${rule} ${path}:${line}`)
}

describe('layer', () => {
  it('lets a package import what lies below it, by name or entry', () => {
    const source =
      "import { a } from '@throughline/protocol'\nimport type { B } from '@throughline/log/memory'\n"
    expect(broken({ 'packages/server/src/a.ts': source, 'apps/web/a.tsx': source })).toEqual([])
  })

  it.each([
    ['client', 'log'],
    ['react', 'server/node'],
    ['client', 'agents'],
    ['protocol', 'log'],
    ['log', 'server'],
    ['server', 'agents'],
    ['agents', 'client'],
  ])('keeps %s from importing %s', (owner, target) => {
    const path = `packages/${owner}/src/a.ts`
    expect(broken({ [path]: `\nimport type { A } from '@throughline/${target}'\n` })).toEqual([
      `layer ${path}:2`,
    ])
  })

  it('sees re-exports, dynamic imports and import types', () => {
    const path = 'packages/client/src/a.ts'
    const source = [
      "export * from '@throughline/log'",
      "const a = () => import('@throughline/server')",
      "type B = import('@throughline/agents').B",
    ]
    expect(broken({ [path]: source.join('\n') })).toEqual([
      `layer ${path}:1`,
      `layer ${path}:2`,
      `layer ${path}:3`,
    ])
  })

  it("keeps everyone out of another package's files", () => {
    const source = "import { a } from '@throughline/log/src/tail.ts'\n"
    expect(broken({ 'apps/web/a.ts': source })).toEqual(['layer apps/web/a.ts:1'])
  })
})

describe('runtime', () => {
  const source = "import { readFile } from 'node:fs/promises'\n"

  it.each([
    'packages/log/src/drivers/embedded.ts',
    'packages/server/src/node/writer.ts',
    'packages/server/src/bin/hub.ts',
    'packages/agents/src/library.ts',
    'packages/client/src/testing/server.ts',
    'packages/client/src/store.test.ts',
    'apps/web/server/main.ts',
  ])('allows node: in %s', (path) => {
    expect(broken({ [path]: source })).toEqual([])
  })

  it.each(['packages/log/src/tail.ts', 'packages/server/src/gateway.ts', 'packages/client/src/a.ts'])(
    'does not allow node: in %s',
    (path) => {
      expect(broken({ [path]: source })).toEqual([`runtime ${path}:1`])
    },
  )

  it('sees through a missing prefix', () => {
    const path = 'packages/protocol/src/a.ts'
    expect(broken({ [path]: "import { join } from 'path'\n" })).toEqual([`runtime ${path}:1`])
  })
})

describe('testing entry', () => {
  const source =
    "import { suite } from './testing/suite.ts'\nimport { kit } from '@throughline/protocol/testing'\n"
  const suite = { 'packages/log/src/testing/suite.ts': 'export const suite = 1\n' }

  it('is open to tests and to other testing entries', () => {
    const entry = "import { kit } from '@throughline/protocol/testing'\n"
    const files = { 'packages/log/src/a.test.ts': source, 'packages/log/src/testing/b.ts': entry }
    expect(broken({ ...suite, ...files })).toEqual([])
  })

  it('is closed to shipped code', () => {
    const path = 'packages/log/src/a.ts'
    const expected = [`testing entry ${path}:1`, `testing entry ${path}:2`]
    expect(broken({ ...suite, [path]: source })).toEqual(expected)
  })
})

describe('package boundary', () => {
  it('allows relative imports within the package', () => {
    const path = 'packages/log/src/drivers/a.ts'
    expect(broken({ [path]: "import meta from '../../package.json'\n" })).toEqual([])
  })

  it.each(["'../../../log-tools/a.ts'", "'../../../protocol/src/index.ts'", "'/etc/a.ts'"])(
    'refuses %s',
    (target) => {
      const path = 'packages/log/src/drivers/a.ts'
      expect(broken({ [path]: `import { a } from ${target}\n` })).toEqual([`package boundary ${path}:1`])
    },
  )
})

describe('import cycle', () => {
  const back = "import { a } from './a.ts'\nexport const b = a\n"

  it('is found through several files, re-exports included', () => {
    const files = {
      'packages/log/src/a.ts': "\nimport { b } from './c.ts'\nexport const a = () => b\n",
      'packages/log/src/b.ts': back,
      'packages/log/src/c.ts': "export * from './b.ts'\n",
    }
    expect(broken(files)).toEqual(['import cycle packages/log/src/a.ts:2'])
  })

  it.each([
    ['types only', "import type { b } from './b.ts'\nexport const a = 1\n", 0],
    ['a lazy import', "export const a = () => import('./b.ts')\n", 0],
    ['inline types, which still load the module', "import { type b } from './b.ts'\nexport const a = 1\n", 1],
    ['a file importing itself', "import { a as self } from './a.ts'\nexport const a = 1\n", 1],
  ])('counts or not: %s', (_, source, count) => {
    expect(broken({ 'packages/log/src/a.ts': source, 'packages/log/src/b.ts': back })).toHaveLength(count)
  })

  it("is found through an app's path aliases", () => {
    const files = {
      'apps/web/tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
      'apps/web/src/a.ts': "import { b } from '@/b'\nexport const a = () => b\n",
      'apps/web/src/b.tsx': "import { a } from '@/a'\nexport const b = () => a\n",
    }
    expect(broken(files)).toEqual(['import cycle apps/web/src/a.ts:1'])
  })
})

describe('size and name', () => {
  it('allows 400 lines and no more', () => {
    const files = {
      'packages/log/src/a.ts': 'f()\n'.repeat(400),
      'packages/log/src/b.ts': 'f()\n'.repeat(401),
    }
    expect(broken(files)).toEqual(['size packages/log/src/b.ts:401'])
  })

  it.each(['utils.ts', 'helpers/a.ts', 'string-utils.ts', 'test-helper.test.ts'])(
    'refuses the name %s',
    (name) => {
      expect(broken({ [`packages/log/src/${name}`]: 'f()\n' })).toEqual([`name packages/log/src/${name}:1`])
    },
  )

  it('leaves build output and dependencies alone', () => {
    const files = {
      'apps/web/.next/utils.ts': '',
      'apps/web/node_modules/x/utils.ts': '',
      'apps/web/dist/utils.ts': '',
    }
    expect(broken(files)).toEqual([])
  })
})

describe('no any', () => {
  it('refuses the type but not the word', () => {
    const path = 'packages/log/src/a.ts'
    expect(broken({ [path]: "const any = 'any' // any\nconst a: any = any\n" })).toEqual([`no any ${path}:2`])
  })
})
