import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Something behind the app that answers as it is told. */
export interface ScriptedBackend {
  readonly url: string
  readonly seen: IncomingMessage[]
  /** Connections on which an answer is under way. */
  open(): number
  answer: (request: IncomingMessage, response: ServerResponse) => void
  close(): void
}

export async function startBackend(): Promise<ScriptedBackend> {
  const seen: IncomingMessage[] = []
  let open = 0
  const server = createServer((request, response) => {
    seen.push(request)
    open += 1
    response.once('close', () => (open -= 1))
    backend.answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const backend: ScriptedBackend = {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    seen,
    open: () => open,
    answer: (_, response) => response.writeHead(404).end(),
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
  return backend
}
