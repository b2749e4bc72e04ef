import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

/**
 * Below what systems hand out to servers on any port and to clients, so that nobody is handed one of these; above the last
 * that browsers refuse to ask.
 */
const FIRST = 11_000
const LAST = 31_999
const MAX_TRIES = 1_000

/**
 * A TCP port of loopback on which nobody listens, for a child process that has to be told one. It stays this process's
 * until its end, also while the child is not there: nobody else gets it from here. @throws when none is found
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const port = randomInt(FIRST, LAST + 1)
    if (await take(port)) return port
  }
  throw new Error(`No port is free between ${String(FIRST)} and ${String(LAST)}.`)
}

/** Takes the UDP port of the same number, which one process has and which is given back however it ends. */
function take(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const claim = createSocket('udp4').unref()
    claim.once('error', () => {
      claim.close()
      resolve(false)
    })
    claim.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      void isUnused(port).then((isFree) => {
        if (!isFree) claim.close()
        resolve(isFree)
      })
    })
  })
}

function isUnused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => {
      resolve(false)
    })
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true)
      })
    })
  })
}
