import { StreamError, isStreamErrorCode, type Problem } from '@throughline/protocol'
import type { LibraryDocument } from './library-document'

/** What the library made of a file. */
export interface Sent {
  readonly document: LibraryDocument
  readonly duplicate?: boolean
}

export interface SendFileOptions {
  readonly signal: AbortSignal
  /** Told what share has gone out, 0–1. */
  readonly onProgress: (share: number) => void
}

/** Sends a file to the library; only this way of asking says how far it is. @throws StreamError */
export function sendFile(file: File, { signal, onProgress }: SendFileOptions): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const abort = (): void => {
      request.abort()
    }
    const fail = (error: Error): void => {
      signal.removeEventListener('abort', abort)
      reject(error)
    }
    request.open('POST', `/api/library/documents?name=${encodeURIComponent(file.name)}`)
    request.setRequestHeader('x-throughline', '1')
    request.responseType = 'json'
    request.upload.onprogress = ({ loaded, total }) => {
      onProgress(total === 0 ? 1 : loaded / total)
    }
    request.onload = () => {
      const answer: unknown = request.response
      if (request.status >= 300) {
        fail(refusal(request.status, answer))
        return
      }
      signal.removeEventListener('abort', abort)
      resolve(answer as Sent)
    }
    request.onerror = () => {
      fail(new StreamError('network_error', 'The server could not be reached.'))
    }
    request.onabort = () => {
      fail(new StreamError('stream_closed', 'The upload was cancelled.'))
    }
    signal.addEventListener('abort', abort)
    request.send(file)
  })
}

function refusal(status: number, answer: unknown): StreamError {
  const { code, detail, title } = (answer ?? {}) as Partial<Problem>
  const known = isStreamErrorCode(code) ? code : status === 401 ? 'auth_error' : 'server_error'
  return new StreamError(known, detail ?? title ?? 'The server refused the file.', { status })
}
