import { createEventLog, createLocalBackplane, type Backplane, type LogDriver } from '@throughline/log'
import { createMemoryDriver } from '@throughline/log/memory'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createTestClock, settle, type TestClock } from '../testing/clock.ts'
import { createAuth, type Auth } from './auth.ts'
import { createLogins, type Logins } from './logins.ts'

const SECRET = 'a secret for tests that is 32 bytes or more'
const ADA = { userId: 'ada', name: 'Ada', guest: false }
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

interface Node {
  readonly auth: Auth
  readonly logins: Logins
  close(): Promise<void>
}

let clock: TestClock
let driver: LogDriver
const nodes: Node[] = []

/** One process of a cluster. */
async function startNode(backplane: Backplane = createLocalBackplane()): Promise<Node> {
  const { now } = clock
  const log = createEventLog({ driver, backplane, now, setTimer: (fn, ms) => clock.timers.schedule(fn, ms) })
  const logins = createLogins({ log, now, keepMs: 30 * DAY })
  await logins.start()
  const auth = createAuth({ keys: { kind: 'secret', secret: SECRET }, logins, now })
  const node: Node = {
    auth,
    logins,
    async close() {
      await logins.close()
      await log.close()
    },
  }
  nodes.push(node)
  return node
}

beforeEach(() => {
  clock = createTestClock()
  driver = createMemoryDriver()
})
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.close()
})

const invalid = { code: 'auth_error', status: 401 }

describe('a login', () => {
  test('has an access token of 15 minutes, to the millisecond', async () => {
    const { auth } = await startNode()
    const { access, whoAmI } = await auth.startLogin(ADA)
    expect(whoAmI).toEqual({ ...ADA, expiresAt: clock.now() + 15 * MINUTE })
    await clock.pass(15 * MINUTE - 1)
    expect(await auth.verify(access.token)).toMatchObject({ userId: 'ada', name: 'Ada' })
    await clock.pass(1)
    await expect(auth.verify(access.token)).rejects.toMatchObject(invalid)
  })

  test('lives on for 30 days from each refresh', async () => {
    const { auth } = await startNode()
    let tokens = await auth.startLogin(ADA)
    for (let round = 0; round < 3; round++) {
      await clock.pass(30 * DAY - 1_000)
      tokens = await auth.refresh(tokens.refresh.token)
      expect(await auth.verify(tokens.access.token)).toMatchObject({ userId: 'ada' })
    }
    await clock.pass(30 * DAY)
    await expect(auth.refresh(tokens.refresh.token)).rejects.toMatchObject(invalid)
  })

  test('keeps its two tokens apart: neither passes for the other', async () => {
    const { auth } = await startNode()
    const { access, refresh } = await auth.startLogin(ADA)
    await expect(auth.verify(refresh.token)).rejects.toMatchObject(invalid)
    await expect(auth.refresh(access.token)).rejects.toMatchObject(invalid)
  })
})

describe('a refresh token', () => {
  test('sent twice by two tabs at once gives both a successor that works', async () => {
    const { auth } = await startNode()
    const { refresh } = await auth.startLogin(ADA)
    const both = await Promise.all([auth.refresh(refresh.token), auth.refresh(refresh.token)])
    for (const { access } of both) expect(await auth.verify(access.token)).toMatchObject({ userId: 'ada' })
    const next = await auth.refresh(both[1].refresh.token)
    expect(await auth.verify(next.access.token)).toMatchObject({ userId: 'ada' })
  })

  test('that comes again later was copied: the login ends for holder and thief', async () => {
    const { auth } = await startNode()
    const first = await auth.startLogin(ADA)
    const second = await auth.refresh(first.refresh.token)
    await clock.pass(31_000)
    await expect(auth.refresh(first.refresh.token)).rejects.toMatchObject(invalid)
    await expect(auth.refresh(second.refresh.token)).rejects.toMatchObject(invalid)
    await expect(auth.verify(second.access.token)).rejects.toMatchObject(invalid)
  })

  test('two generations old was copied, however short the time', async () => {
    const { auth } = await startNode()
    const first = await auth.startLogin(ADA)
    const second = await auth.refresh(first.refresh.token)
    const third = await auth.refresh(second.refresh.token)
    await expect(auth.refresh(first.refresh.token)).rejects.toMatchObject(invalid)
    await expect(auth.verify(third.access.token)).rejects.toMatchObject(invalid)
  })

  test('is used once in the whole cluster', async () => {
    const [one, other] = [await startNode(), await startNode()]
    const first = await one.auth.startLogin(ADA)
    await one.auth.refresh(first.refresh.token)
    await clock.pass(31_000)
    await expect(other.auth.refresh(first.refresh.token)).rejects.toMatchObject(invalid)
  })
})

describe('signing out', () => {
  test('ends the tokens of that login at once, and no other login', async () => {
    const { auth } = await startNode()
    const [one, other] = [await auth.startLogin(ADA), await auth.startLogin(ADA)]
    const { sid = '' } = await auth.verify(one.access.token)
    await auth.endLogin({ userId: 'ada', sid })
    await expect(auth.verify(one.access.token)).rejects.toMatchObject(invalid)
    await expect(auth.refresh(one.refresh.token)).rejects.toMatchObject(invalid)
    expect(await auth.verify(other.access.token)).toMatchObject({ userId: 'ada' })
  })

  test('everywhere ends every login that began before, and none that begins after', async () => {
    const { auth } = await startNode()
    const old = await auth.startLogin(ADA)
    const bob = await auth.startLogin({ ...ADA, userId: 'bob' })
    await clock.pass(1)
    await auth.endLogin({ userId: 'ada' })
    await clock.pass(1)
    const fresh = await auth.startLogin(ADA)
    await expect(auth.verify(old.access.token)).rejects.toMatchObject(invalid)
    await expect(auth.refresh(old.refresh.token)).rejects.toMatchObject(invalid)
    expect(await auth.verify(fresh.access.token)).toMatchObject({ userId: 'ada' })
    expect(await auth.verify(bob.access.token)).toMatchObject({ userId: 'bob' })
  })

  test('of all others lets one go on, and whatever began before it was ended stays ended', async () => {
    const { auth } = await startNode()
    const [first, kept, other] = [
      await auth.startLogin(ADA),
      await auth.startLogin(ADA),
      await auth.startLogin(ADA),
    ]
    await auth.endLogin({ userId: 'ada', sid: first.sid })
    await auth.endLogin({ userId: 'ada', except: kept.sid })
    expect(await auth.verify(kept.access.token)).toMatchObject({ sid: kept.sid })
    await expect(auth.verify(other.access.token)).rejects.toMatchObject(invalid)
    await expect(auth.verify(first.access.token)).rejects.toMatchObject(invalid)
    const { auth: restarted } = await startNode()
    expect((await restarted.refresh(kept.refresh.token)).sid).toBe(kept.sid)
    await expect(restarted.verify(other.access.token)).rejects.toMatchObject(invalid)
    await auth.endLogin({ userId: 'ada' })
    await expect(auth.verify(kept.access.token)).rejects.toMatchObject(invalid)
  })

  test('A3 reaches another node at once by a hint, and without it through the log', async () => {
    const shared = createLocalBackplane()
    const [one, near, deaf] = [await startNode(shared), await startNode(shared), await startNode()]
    const { access } = await one.auth.startLogin(ADA)
    const { sid = '' } = await one.auth.verify(access.token)
    for (const node of [near, deaf]) await node.auth.verify(access.token)
    const ending = one.auth.endLogin({ userId: 'ada', sid })
    await expect(near.auth.verify(access.token)).rejects.toMatchObject(invalid)
    await ending
    expect(await deaf.auth.verify(access.token)).toMatchObject({ userId: 'ada' })
    await clock.pass(5_000)
    await settle()
    await expect(deaf.auth.verify(access.token)).rejects.toMatchObject(invalid)
  })

  test('holds after a restart', async () => {
    const before = await startNode()
    const { access, refresh } = await before.auth.startLogin(ADA)
    const { sid = '' } = await before.auth.verify(access.token)
    await before.auth.endLogin({ userId: 'ada', sid })
    await before.close()
    const { auth } = await startNode()
    await expect(auth.verify(access.token)).rejects.toMatchObject(invalid)
    await expect(auth.refresh(refresh.token)).rejects.toMatchObject(invalid)
  })
})

test('what is older than any token is swept away, and the rest still counts', async () => {
  const { auth, logins } = await startNode()
  await auth.endLogin({ userId: 'bob', sid: 'old' })
  await clock.pass(31 * DAY)
  const { access } = await auth.startLogin(ADA)
  const { sid = '' } = await auth.verify(access.token)
  await auth.endLogin({ userId: 'ada', sid })
  await auth.endLogin({ userId: 'eve', sid: 'new' })
  await logins.sweep()
  const page = await driver.read('__logins', 'start')
  expect(page.events.map(({ offset }) => offset)).toEqual([2, 3])
  const restarted = await startNode()
  await expect(restarted.auth.verify(access.token)).rejects.toMatchObject(invalid)
})
