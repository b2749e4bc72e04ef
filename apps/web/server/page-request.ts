import type { IncomingMessage } from 'node:http'

/** Why a request is none for the pages' server, and what it may be instead. */
export interface PageRefusal {
  readonly status: 400 | 405
  readonly allow?: string
}

const METHODS = ['GET', 'HEAD']
/** With a hub elsewhere the pages' server passes the API on. */
const API_METHODS = [...METHODS, 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/**
 * What Next would answer with a failure, or by sending the browser to a host that the request made up: a target for a
 * proxy (`http://…`), a path that does not decode, a method that no page takes.
 */
export function refusePageRequest({
  method = '',
  url = '',
}: Pick<IncomingMessage, 'method' | 'url'>): PageRefusal | undefined {
  if (!url.startsWith('/') || !isDecodable(url)) return { status: 400 }
  const allowed = url.startsWith('/api/') ? API_METHODS : METHODS
  return allowed.includes(method) ? undefined : { status: 405, allow: allowed.join(', ') }
}

function isDecodable(url: string): boolean {
  try {
    return !decodeURIComponent(url.split('?', 1)[0] ?? '').includes('\0')
  } catch {
    return false
  }
}
