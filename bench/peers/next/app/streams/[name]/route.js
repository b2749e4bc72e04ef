import { jwtVerify } from 'jose'
import { cookies } from 'next/headers'

const allowed = (process.env.ALLOW_ORIGINS ?? '').split(',').map((origin) => origin.trim())
const key = new TextEncoder().encode(process.env.JWT_SECRET)

/** Checks who asks, opens the backend's stream and pumps its chunks into a stream of its own. */
export async function GET(request, { params }) {
  const origin = request.headers.get('origin')
  if (origin === null || !allowed.includes(origin)) return new Response('Origin not allowed', { status: 403 })
  const jar = await cookies()
  const token = jar.get('auth_token')?.value ?? request.headers.get('authorization')?.replace(/^Bearer /, '')
  if (token === undefined) return new Response('Unauthorized', { status: 401 })
  try {
    await jwtVerify(token, key)
  } catch {
    return new Response('Invalid token', { status: 401 })
  }
  const { name } = await params
  const backend = await fetch(`${process.env.BACKEND}/streams/${name}`, {
    headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
    cache: 'no-store',
  })
  if (!backend.ok || backend.body === null) return new Response('Backend connection failed', { status: 502 })
  const reader = backend.body.getReader()
  const stream = new ReadableStream({
    async start(controller) {
      // Next sends the head with the first byte.
      controller.enqueue(new TextEncoder().encode(':\n\n'))
      try {
        for (;;) {
          const { done, value } = await reader.read()
          if (done) break
          controller.enqueue(value)
        }
        controller.close()
      } catch (error) {
        controller.error(error)
      }
    },
    cancel: () => reader.cancel(),
  })
  return new Response(stream, {
    headers: {
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
    },
  })
}
