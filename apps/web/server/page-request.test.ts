import { expect, test } from 'vitest'
import { refusePageRequest } from './page-request.ts'

test.each([
  ['GET', '/'],
  ['HEAD', '/s/a%20b?q=%zz'],
  ['GET', '//evil.example/'],
  ['DELETE', '/api/sessions/a'],
  ['OPTIONS', '/api/sse'],
])('%s %s is asked of the pages', (method, url) => {
  expect(refusePageRequest({ method, url })).toBeUndefined()
})

test.each([
  'http://evil.example/',
  'https://evil.example/api/auth/me',
  '*',
  '',
  '/s/%E0%A4%A',
  '/%zz',
  '/s/%ff',
  '/s/a%00b',
])('A5 %j is no path', (url) => {
  expect(refusePageRequest({ method: 'GET', url })).toEqual({ status: 400 })
})

test.each([
  ['TRACE', '/api/auth/me', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'],
  ['POST', '/', 'GET, HEAD'],
  ['PUT', '/apis', 'GET, HEAD'],
])('%s %s is not taken', (method, url, allow) => {
  expect(refusePageRequest({ method, url })).toEqual({ status: 405, allow })
})
