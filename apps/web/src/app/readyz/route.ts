import { backend } from '../api/backend'

export const dynamic = 'force-dynamic'

/** Whether the hub behind this app takes work. */
export async function GET(): Promise<Response> {
  const isReady = (await backend()?.ready()) === true
  const headers = { 'content-type': 'text/plain', 'cache-control': 'no-store' }
  return new Response(isReady ? 'ready\n' : 'the hub does not answer\n', {
    status: isReady ? 200 : 503,
    headers,
  })
}
