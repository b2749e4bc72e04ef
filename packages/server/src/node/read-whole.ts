import type { IncomingMessage } from 'node:http'
import { StreamError } from '@throughline/protocol'
import { WholeBody, tooLarge } from '../gateway/whole-body.ts'

/** Time to send a whole body, also for those who send it byte by byte; lines and files that stream have idle timers. */
const WITHIN_MS = 60_000

/**
 * A request's whole body, by its events: an iterator costs a short body more than its reading. What is longer than
 * `limit`, or takes longer than `withinMs`, stays unread. @throws StreamError 413, 408, or what broke the connection
 */
export function readWhole(
  request: IncomingMessage,
  limit: number,
  withinMs = WITHIN_MS,
): Promise<Uint8Array> {
  // Came with its head, as nearly every short one does: it waits whole in the request.
  if (request.httpVersionMajor === 1 && request.complete) return readArrived(request, limit)
  return new Promise((resolve, reject) => {
    const whole = new WholeBody(limit)
    const late = setTimeout(() => {
      fail(tooSlow())
    }, withinMs)
    const stop = (): void => {
      clearTimeout(late)
      request.off('data', take).off('end', end).off('error', fail).off('close', left)
    }
    const fail = (error: Error): void => {
      stop()
      request.pause()
      reject(error)
    }
    const take = (chunk: Buffer): void => {
      try {
        whole.add(chunk)
      } catch (error) {
        fail(error as Error)
      }
    }
    const end = (): void => {
      stop()
      resolve(whole.bytes())
    }
    const left = (): void => {
      fail(new Error('The sender left before the end of its body.'))
    }
    request.on('data', take).on('end', end).on('error', fail).on('close', left)
    if (request.destroyed) left()
  })
}

function tooSlow(): StreamError {
  return new StreamError('network_error', 'The body took too long to arrive: send it again.', { status: 408 })
}

function readArrived(request: IncomingMessage, limit: number): Promise<Uint8Array> {
  const body = request.read() as Buffer | null
  if (body === null) return Promise.resolve(NOTHING)
  return body.length > limit ? Promise.reject(tooLarge(limit)) : Promise.resolve(body)
}

const NOTHING = new Uint8Array(0)
