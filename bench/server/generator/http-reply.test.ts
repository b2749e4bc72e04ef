import { expect, test } from 'vitest'
import { HttpReply } from './http-reply.ts'

const TWO_REPLIES =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n10\r\n, a longer chunk\r\n0\r\n\r\n' +
  'HTTP/1.1 409 Conflict\r\nContent-Length: 3\r\n\r\nno!' +
  'HTTP/1.1 204 No Content\r\n\r\n'

test('replies are told apart wherever the bytes are cut', () => {
  for (let cut = 0; cut <= TWO_REPLIES.length; cut += 1) {
    const seen: string[] = []
    let body = ''
    const reply = new HttpReply({
      onHead: (status) => seen.push(String(status)),
      onBody: (bytes, from, to) => {
        body += bytes.toString('latin1', from, to)
      },
      onEnd: () => {
        seen.push(body)
        body = ''
      },
    })
    const bytes = Buffer.from(TWO_REPLIES)
    reply.take(bytes.subarray(0, cut))
    reply.take(bytes.subarray(cut))
    expect(seen).toEqual(['200', 'hello, a longer chunk', '409', 'no!', '204', ''])
  }
})
