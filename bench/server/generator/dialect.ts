import { payload } from './payload.ts'

/** How a server is talked to; its values go to the generator as JSON. */
export interface Address {
  readonly dialect: 'streams' | 'throughline' | 'nchan' | 'durable-streams'
  /** Where readers connect. */
  readonly port: number
  /** Where publishers send, when that is elsewhere. */
  readonly publishPort?: number
  /** Headers of every request to read, beside those of HTTP. */
  readonly readerHeaders?: Readonly<Record<string, string>>
  /** Tokens of the users who own the sessions, and of the producer. */
  readonly tokens?: { readonly users: readonly string[]; readonly producer: string }
}

/** A server's requests as text, ready for a socket. */
export interface Dialect {
  /** Body bytes after which a reader gets what is published; without them, the head's end. */
  readonly ready: string | undefined
  /** Makes the stream, where that is needed. */
  create?(stream: number): string
  subscribe(stream: number): string
  /** Reads from the beginning, where there is history; `answer` is what the last publish was answered with. */
  replay?(stream: number, answer: string): string
  /** Reads on from a cursor, where there are cursors. */
  resume?(stream: number, cursor: string): string
  /** Publishes events `first, first + 1 …`; servers without batches take one. */
  publish(source: Source, first: number, count: number): string
  /** Publishes one event after the other in one body. */
  readonly lines?: { open(source: Source): string; line(source: Source, number: number): string }
}

/** Whoever publishes to a stream: several may, and each numbers its own events. */
export interface Source {
  readonly stream: number
  /** Tells its events from those of all others. */
  readonly label: number
}

interface Post {
  readonly method?: 'POST' | 'PUT'
  readonly path: string
  readonly type: string
  readonly body: string
  readonly headers?: string
}

function post({ method = 'POST', path, type, body, headers = '' }: Post): string {
  return `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`
}

function get(path: string, headers = ''): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n${headers}\r\n`
}

/** The envelope that every server carries; ours makes its own of type and data. */
function envelope({ stream, label }: Source, number: number): string {
  return `{"type":"token","sessionId":"${sessionOf(stream)}","data":"${payload(label, number)}"}`
}

/** The session that stands for a stream. */
export function sessionOf(stream: number): string {
  return `bench-${String(stream)}`
}

export function createDialect(address: Address): Dialect {
  switch (address.dialect) {
    case 'streams':
      return streams(address)
    case 'throughline':
      return throughline(address)
    case 'nchan':
      return {
        ready: ': hi',
        subscribe: (stream) => get(`/subscribe/${stream}`),
        replay: (stream) => get(`/replay/${stream}`),
        publish: (source, first) =>
          post({
            path: `/publish/${source.stream}`,
            type: 'application/json',
            body: envelope(source, first),
          }),
      }
    case 'durable-streams':
      return {
        ready: 'event: control',
        create: (stream) =>
          post({ method: 'PUT', path: `/streams/${stream}`, type: 'application/json', body: '' }),
        subscribe: (stream) => get(`/streams/${stream}?offset=now&live=sse`),
        replay: (stream) => get(`/streams/${stream}?offset=-1&live=sse`),
        publish: (source, first, count) =>
          post({
            path: `/streams/${source.stream}`,
            type: 'application/json',
            body: `[${Array.from({ length: count }, (_, at) => envelope(source, first + at)).join(',')}]`,
          }),
      }
  }
}

/** The epoch of the cursor in an answer of ours. */
export function epochOf(answer: string): string {
  const { cursor } = JSON.parse(answer) as { cursor: string }
  return cursor.slice(0, cursor.indexOf('-'))
}

function streams({ readerHeaders = {} }: Address): Dialect {
  const headers = Object.entries(readerHeaders)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
  return {
    ready: undefined,
    subscribe: (stream) => get(`/streams/${stream}`, headers),
    publish: (source, first) =>
      post({ path: `/streams/${source.stream}`, type: 'application/json', body: envelope(source, first) }),
  }
}

function throughline({ tokens }: Address): Dialect {
  if (tokens === undefined) throw new Error('throughline is measured with authentication on')
  const bearer = (token: string | undefined): string => `Authorization: Bearer ${token ?? ''}\r\n`
  const owner = (stream: number): string => bearer(tokens.users[stream % tokens.users.length])
  const producer = bearer(tokens.producer)
  const events = (stream: number): string => `/api/sessions/${sessionOf(stream)}/events`
  const draft = ({ label }: Source, number: number): string =>
    `{"type":"token","data":"${payload(label, number)}"}`
  return {
    ready: 'event: caught_up',
    create: (stream) =>
      post({
        method: 'PUT',
        path: `/api/sessions/${sessionOf(stream)}`,
        type: 'application/json',
        body: '{}',
        headers: owner(stream),
      }),
    subscribe: (stream) => get(`/api/run_sse/${sessionOf(stream)}`, owner(stream)),
    replay: (stream, answer) =>
      get(`/api/run_sse/${sessionOf(stream)}?after=${epochOf(answer)}-0`, owner(stream)),
    resume: (stream, cursor) => get(`/api/run_sse/${sessionOf(stream)}?after=${cursor}`, owner(stream)),
    publish(source, first, count) {
      const drafts = Array.from({ length: count }, (_, at) => draft(source, first + at)).join(',')
      const body = `{"producerId":"p${source.label}","producerSeq":${first / count + 1},"events":[${drafts}]}`
      return post({ path: events(source.stream), type: 'application/json', body, headers: producer })
    },
    lines: {
      open: ({ stream, label }) =>
        `POST ${events(stream)}?producerId=p${label} HTTP/1.1\r\nHost: localhost\r\n${producer}` +
        'Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n',
      line(source, number) {
        const line = `{"producerSeq":${number + 1},${draft(source, number).slice(1)}\n`
        return `${line.length.toString(16)}\r\n${line}\r\n`
      },
    },
  }
}
