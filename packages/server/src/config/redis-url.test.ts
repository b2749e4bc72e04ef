import { expect, test } from 'vitest'
import { parseRedisUrl } from './redis-url.ts'

test.each([
  ['redis://localhost', ['redis://localhost'], undefined],
  ['rediss://ada:p%40ss@redis.example:6380/2', ['rediss://ada:p%40ss@redis.example:6380/2'], undefined],
  ['redis://a:1,b:2,[::1]:3', ['redis://a:1', 'redis://b:2', 'redis://[::1]:3'], undefined],
  ['redis://:secret@a,b:7000', ['redis://:secret@a', 'redis://:secret@b:7000'], undefined],
  ['redis+sentinel://a:26379,b/main', ['redis://a:26379', 'redis://b'], 'main'],
  ['redis+sentinel://:secret@a/main', ['redis://:secret@a'], 'main'],
])('%s leads somewhere', (text, urls, master) => {
  const place = parseRedisUrl(text)
  expect(place?.urls.map(({ href }) => href)).toEqual(urls)
  expect(place?.master).toBe(master)
})

test.each([
  'http://a',
  'redis:a',
  'redis://',
  'redis://a,',
  'redis://a:port',
  'redis://a:1,b:99999',
  'redis+sentinel://a:26379',
  'redis+sentinel://a:26379/',
  'redis+sentinel://a:26379/two words',
])('%s leads nowhere', (text) => {
  expect(parseRedisUrl(text)).toBeUndefined()
})
