import { request } from 'node:http'
import { fieldsOf } from '../fields.ts'

export interface RawOptions {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Uint8Array
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly text: string
  readonly json: Readonly<Record<string, unknown>>
}

/** A request with exactly these headers, `Host` included: what a browser or an attacker would send. */
export function rawRequest(url: string, options: RawOptions = {}): Promise<RawAnswer> {
  const { method = 'GET', headers = {}, body } = options
  return new Promise((resolve, reject) => {
    const plain = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]),
    )
    const outgoing = request(url, { method, headers: plain, agent: false }, (response) => {
      const chunks: Buffer[] = []
      const isStream = response.headers['content-type']?.startsWith('text/event-stream') === true
      const finish = (): void => {
        const text = Buffer.concat(chunks).toString()
        const isJson = response.headers['content-type']?.includes('json') === true
        const json = isJson ? fieldsOf(JSON.parse(text)) : {}
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json })
      }
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      if (!isStream) response.on('end', finish)
      else {
        // A stream goes on; its head is the answer.
        finish()
        outgoing.destroy()
      }
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}
