import { describe, expect, test, vi } from 'vitest'
import { eachDatabase } from '../database/testing/each-database.ts'
import { createLetters } from '../mail/letters.ts'
import {
  ADA,
  EVE,
  confirm,
  confirmed,
  forget,
  linkFor,
  post,
  reset,
  running,
  signUp,
  start,
  stop,
} from './testing/mailed-app.ts'

eachDatabase('the mails of accounts', ({ open, again }) => {
  test('a mail that the server was away for is sent once it is back, and each only once', async () => {
    const app = await start(await open())
    await post.mailbox.down()
    await signUp(app.person())
    await vi.waitFor(() => {
      expect(post.records).toContainEqual({
        audit: 'mail_failed',
        reason: 'mail_server',
        domain: 'example.com',
      })
    }, 20_000)
    await post.mailbox.up()
    expect((await confirm(app.person(), await linkFor())).status).toBe(200)
    expect(post.mailbox.received.filter(({ to }) => to === ADA.email)).toHaveLength(1)
  })

  test('two nodes send a mail once', async () => {
    const database = await open()
    const [a, b] = [await start(database), await start(await again())]
    await Promise.all(
      Array.from({ length: 12 }, (_, at) =>
        signUp((at % 2 === 0 ? a : b).person(), { ...ADA, email: `p${String(at)}@example.com` }),
      ),
    )
    for (let at = 0; at < 12; at += 1) await post.mailbox.next(`p${String(at)}@example.com`)
    for (const node of running.splice(0)) await stop(node)
    expect(post.mailbox.received).toHaveLength(12)
  })

  test('a mail that is refused for good is given up, which is on record without the address', async () => {
    const database = await open()
    const app = await start(database)
    post.mailbox.refuse(550)
    await signUp(app.person())
    await vi.waitFor(() => {
      const refused = { audit: 'mail_failed', reason: 'mail_refused', status: 550, domain: 'example.com' }
      expect(post.records).toContainEqual(refused)
    }, 20_000)
    expect(await database.query.selectFrom('letters').selectAll().execute()).toEqual([])
    expect(JSON.stringify(post.records)).not.toContain('ada@')
  })

  describe('A8 mails', () => {
    test('to one address are few, whoever asks and whether it has an account', async () => {
      const app = await start(await open(), { perAddress: 3 })
      for (const email of [ADA.email, EVE.email]) {
        const statuses: number[] = []
        for (let at = 0; at < 5; at += 1) {
          const thief = app.person()
          thief.from(`198.51.100.${String(at)}`)
          const answer = at % 2 === 0 ? await forget(thief, email) : await signUp(thief, { ...ADA, email })
          statuses.push(answer.status)
        }
        expect(statuses).toEqual([202, 202, 202, 429, 429])
      }
    })

    test('asked for from one network are few, whomever they are to', async () => {
      const app = await start(await open(), { perNetwork: 3 })
      const person = app.person()
      const statuses: number[] = []
      for (let at = 0; at < 5; at += 1)
        statuses.push((await forget(person, `p${String(at)}@example.com`)).status)
      expect(statuses).toEqual([202, 202, 202, 429, 429])
    })

    test('under way are bounded', async () => {
      const database = await open()
      const letters = createLetters({ database, key: Buffer.alloc(32), size: 2 })
      const ask = () => letters.ask({ kind: 'reset', email: ADA.email, language: 'en' })
      await ask()
      await ask()
      await expect(ask()).rejects.toMatchObject({ status: 503 })
    })
  })

  test('A7 what is done by mail is on record with its reason, and no secret', async () => {
    const app = await start(await open())
    const person = await confirmed(app)
    await forget(person)
    const token = await linkFor()
    await reset(person, token)
    await post.mailbox.next(ADA.email)
    await reset(person, token)
    await signUp(app.person())
    await post.mailbox.next(ADA.email)
    await vi.waitFor(() => {
      expect(post.records).toContainEqual(expect.objectContaining({ reason: 'address_taken' }))
    })
    const told = post.records.map(({ audit, reason }) =>
      reason === undefined ? audit : `${String(audit)} ${String(reason)}`,
    )
    for (const event of [
      'sign_up_asked',
      'mail_sent confirm',
      'signed_up',
      'reset_asked',
      'mail_sent reset',
      'password_reset',
      'mail_sent notice',
      'request_refused unknown_link',
      'mail_sent address_taken',
    ]) {
      expect(told).toContain(event)
    }
    expect(JSON.stringify(post.records)).not.toMatch(/ada@|wooden|something else|eyJ/)
    expect(JSON.stringify(post.records)).not.toContain(token.split('.')[1])
  })
})
