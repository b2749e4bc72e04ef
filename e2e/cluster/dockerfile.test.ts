import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { serverFlags } from '../../scripts/server-flags.mjs'

const ROOT = join(import.meta.dirname, '..', '..')

/** Of Node, Next and the images beside ours. */
const OF_OTHERS = ['NODE_ENV', 'NEXT_TELEMETRY_DISABLED', 'POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_PASSWORD']

interface Instruction {
  readonly word: string
  readonly rest: string
}

let instructions: readonly Instruction[]
let settings: readonly string[]

const read = (file: string): Promise<string> => readFile(join(ROOT, file), 'utf8')

beforeAll(async () => {
  const lines = (await read('Dockerfile')).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  instructions = lines.map((line) => {
    const [, word = '', rest = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? []
    return { word, rest }
  })
  const section = (await read('PROTOCOL.md')).split('\n## 11 ')[1] ?? ''
  const rows = section.split('\n').flatMap((line) => /^\|([^|]*)\|/.exec(line)?.[1] ?? [])
  settings = rows.flatMap((row) => [...row.matchAll(/`([A-Z_]+)`/g)].map(([, name = '']) => name))
})

const all = (word: string): string[] =>
  instructions.filter((each) => each.word === word).map(({ rest }) => rest)

describe('Dockerfile', () => {
  test('is made of instructions that are known, and ends as a user who is nobody', () => {
    const known = 'FROM WORKDIR ENV COPY RUN USER VOLUME EXPOSE HEALTHCHECK STOPSIGNAL CMD'.split(' ')
    for (const { word } of instructions) expect(known).toContain(word)
    expect(all('USER')).toEqual(['node'])
    expect(all('CMD')).toHaveLength(1)
  })

  test('copies what there is, and runs what there is', async () => {
    const stages = all('FROM').map((from) => / AS (\w+)$/.exec(from)?.[1])
    for (const rest of all('COPY')) {
      const words = rest.split(' ')
      const flags = words.filter((word) => word.startsWith('--'))
      const [from = ''] = words.filter((word) => !word.startsWith('--'))
      const stage = flags.find((flag) => flag.startsWith('--from='))?.slice(7)
      if (stage === undefined) expect(existsSync(join(ROOT, from)), from).toBe(true)
      else {
        expect(stages).toContain(stage)
        expect(all('WORKDIR')).toContain(from)
      }
    }
    const { scripts } = JSON.parse(await read('package.json')) as { scripts: Record<string, string> }
    const runs = all('RUN').flatMap((run) => [...run.matchAll(/npm run (\w+)/g)])
    expect(runs.length).toBeGreaterThan(0)
    for (const [, name = ''] of runs) expect(scripts).toHaveProperty(name)
    const command = JSON.parse(all('CMD')[0] ?? '[]') as string[]
    const file = command.at(-1) ?? ''
    expect(command).toEqual(['node', ...serverFlags, file])
    expect(existsSync(join(ROOT, file))).toBe(true)
  })

  test('is given what is built and run, and nothing of a person or of another machine', async () => {
    const left = (await read('.dockerignore')).split('\n').filter((line) => line !== '')
    for (const own of ['.git', '.env', '.env.local', 'deploy']) expect(left).toContain(own)
    for (const made of ['node_modules', 'dist', '.next', '.data']) expect(left).toContain(`**/${made}`)
    for (const pattern of left) {
      // Folders as they are, and what has a name wherever it is: nothing that could leave out more than it says.
      expect(pattern).toMatch(/^(?:\*\*\/)?\*?[\w.]+$/)
    }
    const needed = ['package.json', 'package-lock.json', 'tsconfig.build.json', 'packages', 'apps', 'scripts']
    for (const each of needed) expect(left).not.toContain(each)
    expect(all('RUN').join('\n')).not.toMatch(/\b(?:bench|docs|e2e|examples)\b/)
  })

  test('builds on the Node that the repository pins', async () => {
    const { devDependencies } = JSON.parse(await read('package.json')) as {
      devDependencies: Record<string, string>
    }
    const major = (devDependencies['node'] ?? '').split('.')[0] ?? ''
    for (const from of all('FROM')) expect(from).toMatch(new RegExp(`^node:${major}-bookworm-slim`))
  })

  test('it and compose.yaml set nothing that PROTOCOL.md §11 does not name', async () => {
    const text = (await read('deploy/compose.yaml')).replaceAll(/\$\{[^}]*\}/g, 'given')
    const { services } = parse(text, { merge: true }) as {
      services: Record<string, { environment?: Record<string, string> }>
    }
    const named = [
      ...all('ENV').flatMap((env) => env.split(' ').map((pair) => pair.split('=')[0] ?? '')),
      ...Object.values(services).flatMap(({ environment = {} }) => Object.keys(environment)),
    ]
    expect(settings).toContain('REDIS_URL')
    expect(named).toContain('DATA_DIR')
    for (const name of named) expect([...settings, ...OF_OTHERS]).toContain(name)
  })

  test('its health is that of /readyz', async () => {
    const [, command = '[]'] = /CMD (\[.*\])$/.exec(all('HEALTHCHECK')[0] ?? '') ?? []
    const [program, ...words] = JSON.parse(command) as string[]
    expect(program).toBe('node')
    let status = 200
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/readyz' ? status : 404).end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const check = async (): Promise<unknown> => {
      const child = spawn(process.execPath, words, { env: { PORT: String(port) }, stdio: 'ignore' })
      return (await once(child, 'exit'))[0]
    }
    expect(await check()).toBe(0)
    status = 503
    expect(await check()).toBe(1)
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
    expect(await check()).toBe(1)
  })
})
