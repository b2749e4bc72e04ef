/** What the interface says where mail is configured: fetched with the pages of links, and not before. */
export const mail = {
  forgotLink: 'Forgot your password?',
  unconfirmed: 'If you have just signed up, open the link in our mail first.',
  sentTitle: 'Look into your mailbox',
  sent: (email: string) => `We have sent a mail to ${email}. It says how to go on.`,
  sentLife: 'The link in it works for 24 hours. You can close this page.',
  sentGuest: 'Your conversations stay as they are. Once the address is confirmed, they are in your account.',
  sentLate: 'Nothing there after a few minutes? Look among the unwanted mail, or check the address.',
  again: 'Change the address',
  confirmTitle: 'Confirm your e-mail address',
  confirmText:
    'Enter the password you chose when you signed up. Then the account is yours, and you are signed in.',
  confirmPassword: 'The password you chose',
  confirm: 'Confirm and sign in',
  confirmWrong:
    'That is not the password this link was asked for with. If you no longer know it, sign up again: you get another link.',
  resetTitle: 'Set a new password',
  resetText: 'You are signed in here afterwards. Every other login ends.',
  reset: 'Set password and sign in',
  guestSessions: 'You are a guest here, and have conversations. Say what becomes of them.',
  deadTitle: 'This link does not work any longer',
  dead: 'It was used already, has expired, or was not copied whole.',
  deadConfirm:
    'If you have used it, sign in with your password. Otherwise sign up again: you get another link.',
  deadReset:
    'Ask for another one. Only the link of a mail that came after the last change of the password works.',
  goSignIn: 'To the sign-in',
  goForgot: 'Ask for another link',
  forgotTitle: 'Forgot your password?',
  forgotText:
    'Enter the address of your account. We mail you a link to set a new password; it works for an hour.',
  forgot: 'Mail me a link',
  forgotLife: 'If there is an account with this address, the link in it works for an hour.',
}

export type MailStrings = typeof mail
