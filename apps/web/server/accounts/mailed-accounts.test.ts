import { expect, test } from 'vitest'
import { eachDatabase } from '../database/testing/each-database.ts'
import { tokenIn } from '../mail/testing/mailbox.ts'
import {
  ADA,
  EVE,
  NEXT,
  ORIGIN,
  confirm,
  confirmed,
  forget,
  guest,
  linkFor,
  me,
  post,
  reset,
  running,
  seen,
  sessionsOf,
  signIn,
  signUp,
  start,
} from './testing/mailed-app.ts'

eachDatabase('accounts by mail', ({ open, again }) => {
  test('a person signs up, gets a link, and has the account once the link and the password are used', async () => {
    const app = await start(await open())
    const person = app.person()
    expect((await signUp(person, { ...ADA, language: 'de' })).json).toEqual({ next: 'mail' })
    expect((await signIn(person)).status).toBe(401)
    const mail = await post.mailbox.next(ADA.email)
    expect(mail).toMatchObject({
      from: 'no-reply@example.com',
      subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
    })
    const link = `${ORIGIN}/mail/confirm#${tokenIn(mail)}`
    expect(mail.text).toContain(link)
    expect(mail.html).toContain(`href="${link}"`)
    expect(mail.text + mail.html).not.toContain(ADA.password)
    const elsewhere = app.person()
    expect((await confirm(elsewhere, tokenIn(mail))).json).toMatchObject({ guest: false, name: 'ada' })
    expect((await elsewhere.call('GET', '/api/auth/account')).json).toMatchObject({ email: ADA.email })
    expect((await signIn(person)).status).toBe(200)
  })

  test('sign-up answers the same after the same work for a free, an unconfirmed and a taken address', async () => {
    const app = await start(await open())
    await confirmed(app)
    await signUp(app.person(), { ...EVE, email: 'pending@example.com' })
    const tell = async (email: string): Promise<unknown> => {
      post.hashes = []
      const answer = seen(await signUp(app.person(), { ...EVE, email }))
      return { answer, work: [...post.hashes] }
    }
    const free = await tell('free@example.com')
    expect(await tell('pending@example.com')).toEqual(free)
    expect(await tell(ADA.email)).toEqual(free)
    expect(free).toMatchObject({ answer: [202, expect.anything(), '{"next":"mail"}'], work: ['hash'] })
  })

  test('sign-in answers the same after the same work for an unknown, an unconfirmed and a wrong one', async () => {
    const app = await start(await open())
    await confirmed(app)
    await signUp(app.person(), EVE)
    await post.mailbox.next(EVE.email)
    const tell = async (credentials: object): Promise<unknown> => {
      post.hashes = []
      return { answer: seen(await signIn(app.person(), credentials)), work: post.hashes.length }
    }
    const wrong = await tell({ ...ADA, password: NEXT })
    expect(wrong).toMatchObject({ work: 1 })
    expect(await tell(EVE)).toEqual(wrong)
    expect(await tell({ ...ADA, email: 'nobody@example.com' })).toEqual(wrong)
  })

  test('a forgotten password is answered the same for whoever has an account, and nobody is looked for', async () => {
    const app = await start(await open())
    await confirmed(app)
    await signUp(app.person(), EVE)
    post.hashes = []
    const known = seen(await forget(app.person()))
    expect(seen(await forget(app.person(), EVE.email))).toEqual(known)
    expect(seen(await forget(app.person(), 'nobody@example.com'))).toEqual(known)
    expect(known).toEqual([202, expect.anything(), ''])
    expect(post.hashes).toEqual([])
    expect((await post.mailbox.next('nobody@example.com')).subject).toBe(
      'There is no account with this address',
    )
  })

  test('whoever has the address is told that somebody tried it, and nothing changes', async () => {
    const app = await start(await open())
    const person = await confirmed(app)
    await person.call('PATCH', '/api/settings', { preferences: { language: 'de' } })
    await signUp(app.person(), { ...ADA, password: EVE.password })
    const mail = await post.mailbox.next(ADA.email)
    // In the language of whoever it is for, and not of whoever tried.
    expect(mail.subject).toBe('Sie haben schon ein Konto')
    expect(mail.text).toContain(`${ORIGIN}/mail/forgot`)
    expect(mail.text).not.toContain('#')
    expect((await signIn(app.person(), { ...ADA, password: EVE.password })).status).toBe(401)
    expect((await signIn(app.person())).status).toBe(200)
  })

  test('a link works once, whole, in time, for its own purpose, and with the password it was asked with', async () => {
    const database = await open()
    const app = await start(database)
    await signUp(app.person())
    const token = await linkFor()
    const [id = '', signature = ''] = token.split('.')
    const other = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`
    await signUp(app.person(), EVE)
    const [eves = ''] = (await linkFor(EVE.email)).split('.')
    const dead = await confirm(app.person(), 'no link at all')
    expect(dead.status).toBe(404)
    for (const forged of ['', id, `${id}.`, `${id}.${other}`, `${eves}.${signature}`, token.slice(0, -4)]) {
      expect(seen(await confirm(app.person(), forged))).toEqual(seen(dead))
    }
    expect((await reset(app.person(), token)).status).toBe(404)
    expect((await confirm(app.person(), token, { password: EVE.password })).status).toBe(403)
    const twice = await Promise.all([confirm(app.person(), token), confirm(app.person(), token)])
    expect(twice.map(({ status }) => status).toSorted()).toEqual([200, 404])
    expect(seen(await confirm(app.person(), token))).toEqual(seen(dead))

    await signUp(app.person(), { ...ADA, email: 'late@example.com' })
    const late = await linkFor('late@example.com')
    await database.query
      .updateTable('letters')
      .set({ expiresAt: Date.now() - 1 })
      .execute()
    expect(seen(await confirm(app.person(), late))).toEqual(seen(dead))
  })

  test('of several sign-ups for one address the first that is confirmed has it', async () => {
    const app = await start(await open())
    await signUp(app.person(), { ...ADA, password: EVE.password })
    const eves = await linkFor()
    await signUp(app.person())
    const adas = await linkFor()
    // Who reads the mail does not know Eve's password, and Eve does not read the mail.
    expect((await confirm(app.person(), eves)).status).toBe(403)
    expect((await confirm(app.person(), adas)).status).toBe(200)
    expect((await confirm(app.person(), eves, { password: EVE.password })).status).toBe(404)
    expect((await signIn(app.person(), { ...ADA, password: EVE.password })).status).toBe(401)
  })

  test('C1 a guest that signs up keeps its conversations, confirmed after a restart in another browser', async () => {
    const database = await open()
    const app = await start(database)
    const person = await guest(app, ['one', 'two'])
    const { userId } = await me(person)
    await post.mailbox.down()
    await signUp(person)
    // The tab is closed, the server stops before the mail has left, and another goes on.
    const [node] = running.splice(0)
    await node!.people.close()
    const driver = node!.app.driver
    const next = await start(await again(), { driver })
    await post.mailbox.up()
    const token = await linkFor()
    const elsewhere = next.person()
    expect((await confirm(elsewhere, token)).json).toMatchObject({ userId, guest: false })
    expect(await sessionsOf(elsewhere)).toEqual(['one', 'two'])
    await node!.app.close()
  })

  test('A3 once confirmed, nobody is that guest any longer', async () => {
    const app = await start(await open())
    const person = await guest(app, ['one'])
    const thief = person.copy()
    await signUp(person)
    expect(await me(person)).toMatchObject({ guest: true })
    expect((await confirm(app.person(), await linkFor())).status).toBe(200)
    for (const one of [person, thief]) {
      expect((await one.call('GET', '/api/auth/me')).status).toBe(401)
      expect((await one.call('POST', '/api/auth/refresh')).status).toBe(401)
    }
  })

  test('a guest that is over by then leaves the account nothing, and loses nothing twice', async () => {
    const app = await start(await open())
    await confirmed(app, EVE)
    const mover = await guest(app, ['one'])
    await signUp(mover)
    const token = await linkFor()
    expect((await signIn(mover, { ...EVE, guestSessions: 'move' })).status).toBe(200)
    const ada = app.person()
    expect((await confirm(ada, token)).status).toBe(200)
    expect([await sessionsOf(ada), await sessionsOf(mover)]).toEqual([[], ['one']])

    const leaver = await guest(app, ['two'])
    await signUp(leaver, { ...ADA, email: 'gone@example.com' })
    const gone = await linkFor('gone@example.com')
    expect((await leaver.call('POST', '/api/auth/delete', {})).status).toBe(204)
    expect((await confirm(app.person(), gone)).status).toBe(404)
  })

  test('another guest who confirms says what becomes of its conversations, before the link is used', async () => {
    const app = await start(await open())
    await signUp(app.person())
    const token = await linkFor()
    const other = await guest(app, ['three'])
    expect((await confirm(other, token)).status).toBe(409)
    const password = { password: ADA.password, guestSessions: 'move' }
    expect((await confirm(other, token, password)).status).toBe(200)
    expect(await sessionsOf(other)).toEqual(['three'])
  })

  test('A3 a forgotten password is set anew by mail, which ends every other login with its streams', async () => {
    const app = await start(await open())
    const person = await confirmed(app)
    await person.call('PUT', '/api/sessions/s1')
    const stream = await person.open('/api/sse?sessionId=s1')
    await forget(app.person())
    const mail = await post.mailbox.next(ADA.email)
    expect(mail.subject).toBe('Set a new password')
    const elsewhere = app.person()
    expect((await reset(elsewhere, tokenIn(mail), 'weak')).status).toBe(400)
    expect((await reset(elsewhere, tokenIn(mail))).status).toBe(200)
    expect(await stream.text()).toContain('caught_up')
    expect((await person.call('GET', '/api/auth/me')).status).toBe(401)
    expect((await person.call('POST', '/api/auth/refresh')).status).toBe(401)
    expect(await sessionsOf(elsewhere)).toEqual(['s1'])
    expect((await signIn(app.person())).status).toBe(401)
    expect((await signIn(app.person(), { ...ADA, password: NEXT })).status).toBe(200)
    expect((await reset(app.person(), tokenIn(mail), 'yet another one')).status).toBe(404)
    expect((await post.mailbox.next(ADA.email)).subject).toBe('Your password was changed')
  })

  test('A3 a reset that stops after the password is set has ended every other login before', async () => {
    const app = await start(await open())
    const person = await confirmed(app)
    await forget(app.person())
    const token = await linkFor()
    const seen: number[] = []
    post.onHash = async () => {
      seen.push((await person.call('GET', '/api/auth/me')).status)
    }
    expect((await reset(app.person(), token, 'weak')).status).toBe(400)
    expect((await person.call('GET', '/api/auth/me')).status).toBe(200)
    expect((await reset(app.person(), token)).status).toBe(200)
    expect(seen).toEqual([401])
  })

  test('a reset link dies with the password it was made for, and sets nobody else’s', async () => {
    const app = await start(await open())
    const person = await confirmed(app)
    const eve = await confirmed(app, EVE)
    await forget(app.person())
    await forget(app.person())
    const links = [await linkFor(), await linkFor()] as const
    await forget(app.person(), EVE.email)
    const [eves = ''] = (await linkFor(EVE.email)).split('.')
    expect((await reset(app.person(), `${eves}.${links[0].split('.')[1] ?? ''}`)).status).toBe(404)
    const change = { current: ADA.password, next: NEXT }
    expect((await person.call('POST', '/api/auth/password', change)).status).toBe(204)
    expect((await post.mailbox.next(ADA.email)).subject).toBe('Your password was changed')
    for (const link of links) expect((await reset(app.person(), link)).status).toBe(404)
    // Signed in as Eve, Ada's link is Ada's.
    await forget(app.person())
    expect((await reset(eve, await linkFor(), 'Ada forgot it again')).json).toMatchObject({ name: 'ada' })
    expect((await signIn(app.person(), EVE)).status).toBe(200)
  })

  test('deleting an account takes its mails along', async () => {
    const database = await open()
    const app = await start(database)
    const person = await confirmed(app)
    await forget(person)
    const token = await linkFor()
    await person.call('POST', '/api/auth/delete', { password: ADA.password })
    expect((await reset(app.person(), token)).status).toBe(404)
    expect(await database.query.selectFrom('letters').selectAll().execute()).toEqual([])
  })

  test('nothing at rest opens a link, and no password is', async () => {
    const database = await open()
    const app = await start(database)
    await signUp(app.person())
    const signature = (await linkFor()).split('.')[1] ?? ''
    await confirmed(app, EVE)
    await forget(app.person(), EVE.email)
    const other = (await linkFor(EVE.email)).split('.')[1] ?? ''
    const rows = JSON.stringify(await database.query.selectFrom('letters').selectAll().execute())
    expect(rows).toContain(ADA.email)
    for (const secret of [signature, other, ADA.password, EVE.password]) expect(rows).not.toContain(secret)
    expect(signature.length).toBe(43)
  })
})
