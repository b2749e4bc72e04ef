import { answerHeaders } from './passed-headers.ts'
import { unreachable } from './upstream.ts'

/** Longest refusal that is passed on. */
const MAX_BYTES = 65_536

/**
 * What the hub refused, as it said it. A failure of its own, and words that are no problem of PROTOCOL.md §5, stay
 * inside. @throws StreamError `network_error`
 */
export async function passRefusal(response: Response): Promise<Response> {
  const { status } = response
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') === true
  const isVerdict = (status >= 400 && status < 500) || status === 503
  if (!isVerdict || !isProblem) {
    await response.body?.cancel()
    throw unreachable(new Error(`it answered ${String(status)}`))
  }
  return new Response(await readText(response), { status, headers: answerHeaders(response.headers) })
}

async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
    text += decoder.decode(next.value, { stream: true })
    if (text.length <= MAX_BYTES) continue
    await reader?.cancel()
    throw unreachable(new Error('it refused at great length'))
  }
  return text + decoder.decode()
}
