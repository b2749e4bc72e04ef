import { expect, test } from 'vitest'
import { mail as english } from './english/mail.ts'
import { mail as german } from './german/mail.ts'

test('the sentences about mail are all there in both languages, and fill in the address', () => {
  for (const key of Object.keys(english) as (keyof typeof english)[]) {
    const [ours, theirs] = [english[key], german[key]].map((one) =>
      typeof one === 'function' ? one('ada@example.com') : one,
    )
    expect([key, theirs]).not.toEqual([key, ''])
    expect([key, theirs]).not.toEqual([key, ours])
    expect(theirs?.includes('ada@example.com')).toBe(ours?.includes('ada@example.com'))
  }
})
