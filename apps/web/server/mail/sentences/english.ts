import type { LetterSentences } from './sentences.ts'

export const english: LetterSentences = {
  confirm: {
    subject: 'Confirm your e-mail address',
    paragraphs: [
      'Somebody, probably you, asked for a Throughline account with this e-mail address. The account begins once you open this link and enter the password you chose. It works for 24 hours, once.',
    ],
    action: 'Confirm the address',
    after: [
      'If that was not you, do nothing: without the password nobody can use the link, and there will be no account.',
    ],
  },
  taken: {
    subject: 'You already have an account',
    paragraphs: [
      'Somebody, probably you, tried to create a Throughline account with this e-mail address. You have one already, and nothing was changed. Sign in with its password.',
    ],
    action: 'Sign in',
    after: ['If you no longer know the password, set a new one:'],
    second: 'Forgot your password?',
    end: ['If that was not you, there is nothing to do: whoever it was has learned nothing about you.'],
  },
  reset: {
    subject: 'Set a new password',
    paragraphs: [
      'Somebody, probably you, asked to set a new password for your Throughline account. The link works for an hour, once. With the new password every other login ends.',
    ],
    action: 'Set a new password',
    after: ['If that was not you, do nothing: your password stays as it is.'],
  },
  unknown: {
    subject: 'There is no account with this address',
    paragraphs: [
      'Somebody, probably you, asked to set a new password at Throughline. There is no account with this e-mail address: perhaps you signed up with another one, or have not confirmed this one yet. You can create an account any time.',
    ],
    action: 'Open Throughline',
    after: ['If that was not you, there is nothing to do.'],
  },
  changed: {
    subject: 'Your password was changed',
    paragraphs: [
      'The password of your Throughline account was changed, and every other login has ended. If that was you, there is nothing to do.',
    ],
    after: ['If it was not you, set a new password at once:'],
    second: 'Set a new password',
  },
}
