import { readdir, readFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'

const compress = promisify(brotliCompress)

const PREFIX = '/_next/static/chunks/'
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'application/javascript; charset=UTF-8',
  '.css': 'text/css; charset=UTF-8',
}
/** Smaller by a sixteenth than Next's gzip, and made in a twentieth of a second. */
const QUALITY = 9

/** Answers a request, or says that it is somebody else's. */
export type StaticFiles = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>

/**
 * The build's scripts and styles for browsers that read Brotli: each compressed once, when it is first asked for, and
 * kept; there are as many as the build made.
 * @param build Next's folder of the build; its headers for every path hold here, too
 */
export async function openStaticFiles(build: string): Promise<StaticFiles> {
  const folder = join(build, 'static', 'chunks')
  const configured = await headersOf(build)
  // Only what the build made has a name here, so no path leads out of the folder.
  const names = new Set((await readdir(folder)).filter((name) => TYPES[extname(name)] !== undefined))
  const kept = new Map<string, Promise<Buffer>>()

  const bodyOf = (name: string): Promise<Buffer> => {
    const known = kept.get(name)
    if (known !== undefined) return known
    const body = readFile(join(folder, name)).then((bytes) =>
      compress(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: QUALITY } }),
    )
    kept.set(name, body)
    body.catch(() => kept.delete(name))
    return body
  }

  return async (request, response) => {
    const { method, url = '', headers } = request
    const name = url.startsWith(PREFIX) ? url.slice(PREFIX.length).replace(/\?.*$/, '') : ''
    if ((method !== 'GET' && method !== 'HEAD') || !names.has(name)) return false
    if (!readsBrotli(headers['accept-encoding'])) return false
    const body = await bodyOf(name)
    response.writeHead(200, {
      ...configured,
      'Content-Type': TYPES[extname(name)],
      'Content-Encoding': 'br',
      'Content-Length': body.length,
      'Cache-Control': 'public, max-age=31536000, immutable',
      Vary: 'Accept-Encoding',
    })
    response.end(method === 'HEAD' ? undefined : body)
    return true
  }
}

interface RoutesManifest {
  readonly headers: readonly {
    readonly regex: string
    readonly headers: readonly { readonly key: string; readonly value: string }[]
  }[]
}

async function headersOf(build: string): Promise<Record<string, string>> {
  const manifest = JSON.parse(await readFile(join(build, 'routes-manifest.json'), 'utf8')) as RoutesManifest
  const rules = manifest.headers.filter(({ regex }) => new RegExp(regex).test(PREFIX))
  return Object.fromEntries(rules.flatMap(({ headers }) => headers).map(({ key, value }) => [key, value]))
}

function readsBrotli(accepted: string | string[] | undefined): boolean {
  return String(accepted ?? '')
    .split(',')
    .some((coding) => /^\s*br\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).+)?$/.test(coding))
}
