import { isIP } from 'node:net'
import { StreamError } from '@throughline/protocol'
import { isPublicAddress } from './public-address.ts'

const MAX_URL = 1_024

export interface ProviderUrlOptions {
  /** Whether plain http and hosts that are not public are let in: `ALLOW_LOCAL_MODELS`. */
  readonly allowLocal: boolean
}

/** The address of an OpenAI-compatible server as it is kept, without a slash at its end. @throws StreamError 400 */
export function readProviderUrl(text: string, { allowLocal }: ProviderUrlOptions): string {
  const url = text.length <= MAX_URL ? URL.parse(text.trim()) : null
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw refuse('Write the address with its scheme, like https://api.example.com/v1.')
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw refuse('Write the address without user name, query and fragment.')
  }
  if (!allowLocal) {
    if (url.protocol !== 'https:') throw refuse('The address must begin with https://.')
    if (!mayBePublic(url.hostname)) throw refuse('That address is not on the public internet.')
  }
  return url.href.replace(/\/+$/, '')
}

/** What a name stands for is looked at with each request; an address can be judged now. */
function mayBePublic(hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (isIP(host) !== 0) return isPublicAddress(host)
  return host.includes('.') && !/(^|\.)(localhost|local|internal|lan|home|arpa)$/.test(host)
}

function refuse(message: string): StreamError {
  return new StreamError('invalid_request', message, { status: 400 })
}
