/** What came back. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body; empty when it was no JSON. */
  readonly json: Readonly<Record<string, unknown>>
}

/** Somebody who uses the API as a page does: with cookies, kept and sent by path. */
export interface Person {
  call(method: string, path: string, body?: unknown): Promise<Answer>
  /** A streaming answer, as it comes. */
  open(path: string): Promise<Response>
  /** Copies of the cookies, as a thief has them. */
  copy(): Person
  /** Comes from another address from now on. */
  from(address: string): void
}

interface Cookie {
  readonly value: string
  readonly path: string
}

export function createPerson(url: string, kept: ReadonlyMap<string, Cookie> = new Map()): Person {
  const cookies = new Map(kept)
  let address = '192.0.2.1'

  const request = async (method: string, path: string, body?: unknown, accept = '*/*'): Promise<Response> => {
    const sent = [...cookies].filter(([, cookie]) => path.startsWith(cookie.path))
    const response = await fetch(url + path, {
      method,
      headers: {
        accept,
        'x-throughline': '1',
        'x-forwarded-for': address,
        cookie: sent.map(([name, { value }]) => `${name}=${value}`).join('; '),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    for (const line of response.headers.getSetCookie()) keep(line)
    return response
  }

  const keep = (line: string): void => {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    const path = /; Path=([^;]+)/.exec(line)?.[1] ?? '/'
    if (line.includes('Max-Age=0')) cookies.delete(name)
    else cookies.set(name, { value, path })
  }

  return {
    async call(method, path, body) {
      const response = await request(method, path, body)
      const text = await response.text()
      const isJson = response.headers.get('content-type')?.includes('json') === true
      const json = isJson ? (JSON.parse(text) as Answer['json']) : {}
      return { status: response.status, headers: response.headers, text, json }
    },
    open: (path) => request('GET', path, undefined, 'text/event-stream'),
    copy: () => createPerson(url, cookies),
    from(other) {
      address = other
    },
  }
}
