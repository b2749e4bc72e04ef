import type { IncomingMessage } from 'node:http'
import { expect, it } from 'vitest'
import { createPeerAddress } from './peer-address.ts'

/** The part of a request that tells who asks. */
function from(
  remoteAddress: string,
  headers: Record<string, string> = {},
  socket: object = {},
): IncomingMessage {
  return { socket: { remoteAddress, ...socket }, headers } as unknown as IncomingMessage
}

const forwarded = { 'x-forwarded-for': '6.6.6.6, 9.9.9.9, 10.1.2.3', 'x-forwarded-proto': 'https' }

it('believes nobody by default', () => {
  const peer = createPeerAddress({})
  expect(peer.address(from('10.0.0.1', forwarded))).toBe('10.0.0.1')
  expect(peer.protocol(from('10.0.0.1', forwarded))).toBe('http')
})

it('takes the last address that is not a trusted proxy, which the client cannot forge', () => {
  const peer = createPeerAddress({ trustedProxies: ['10.0.0.0/8', '::1'] })
  expect(peer.address(from('10.0.0.1', forwarded))).toBe('9.9.9.9')
  expect(peer.address(from('::ffff:10.0.0.1', forwarded))).toBe('9.9.9.9')
  expect(peer.address(from('::1', forwarded))).toBe('9.9.9.9')
  expect(peer.address(from('8.8.8.8', forwarded))).toBe('8.8.8.8')
  expect(peer.address(from('10.0.0.1'))).toBe('10.0.0.1')
  expect(peer.address(from('10.0.0.1', { 'x-forwarded-for': '10.0.0.9' }))).toBe('10.0.0.9')
  expect(peer.address(from('10.0.0.1', { 'x-forwarded-for': 'unknown, ::ffff:7.7.7.7' }))).toBe('7.7.7.7')
})

it('tells https from TLS, from the public URL, else from a trusted proxy', () => {
  const open = createPeerAddress({ trustedProxies: ['10.0.0.1'], publicUrl: 'https://chat.example' })
  expect(open.protocol(from('10.0.0.1', { 'x-forwarded-proto': 'http' }))).toBe('https')
  expect(open.protocol(from('8.8.8.8', { 'x-forwarded-proto': 'http' }))).toBe('https')
  const peer = createPeerAddress({ trustedProxies: ['10.0.0.1'] })
  expect(peer.protocol(from('8.8.8.8', {}, { encrypted: true }))).toBe('https')
  expect(peer.protocol(from('10.0.0.1', { 'x-forwarded-proto': 'https' }))).toBe('https')
  expect(peer.protocol(from('10.0.0.1', { 'x-forwarded-proto': 'http' }))).toBe('http')
  expect(peer.protocol(from('8.8.8.8', { 'x-forwarded-proto': 'https' }))).toBe('http')
  expect(createPeerAddress({}).protocol(from('8.8.8.8'))).toBe('http')
})

it('refuses proxies that are no addresses', () => {
  expect(() => createPeerAddress({ trustedProxies: ['nginx'] })).toThrow(/nginx is neither/)
})
