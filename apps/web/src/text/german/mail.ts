import type { MailStrings } from '../english/mail.ts'

/** What the interface says where mail is configured, in German. */
export const mail: MailStrings = {
  forgotLink: 'Passwort vergessen?',
  unconfirmed: 'Wenn Sie sich gerade erst registriert haben, öffnen Sie zuerst den Link in unserer E-Mail.',
  sentTitle: 'Sehen Sie in Ihr Postfach',
  sent: (email) => `Wir haben eine E-Mail an ${email} geschickt. Darin steht, wie es weitergeht.`,
  sentLife: 'Der Link darin gilt 24 Stunden. Sie können diese Seite schließen.',
  sentGuest:
    'Ihre Unterhaltungen bleiben, wie sie sind. Sobald die Adresse bestätigt ist, sind sie in Ihrem Konto.',
  sentLate:
    'Nach einigen Minuten nichts da? Sehen Sie bei den unerwünschten E-Mails nach, oder prüfen Sie die Adresse.',
  again: 'Adresse ändern',
  confirmTitle: 'E-Mail-Adresse bestätigen',
  confirmText:
    'Geben Sie das Passwort ein, das Sie beim Registrieren gewählt haben. Danach gehört das Konto Ihnen, und Sie sind angemeldet.',
  confirmPassword: 'Das gewählte Passwort',
  confirm: 'Bestätigen und anmelden',
  confirmWrong:
    'Mit diesem Passwort wurde der Link nicht angefordert. Wenn Sie es nicht mehr wissen, registrieren Sie sich noch einmal: Sie bekommen einen neuen Link.',
  resetTitle: 'Neues Passwort setzen',
  resetText: 'Danach sind Sie hier angemeldet. Alle anderen Anmeldungen enden.',
  reset: 'Passwort setzen und anmelden',
  guestSessions: 'Sie sind hier Gast und haben Unterhaltungen. Sagen Sie, was aus ihnen wird.',
  deadTitle: 'Dieser Link funktioniert nicht mehr',
  dead: 'Er wurde schon benutzt, ist abgelaufen oder nicht vollständig kopiert.',
  deadConfirm:
    'Wenn Sie ihn benutzt haben, melden Sie sich mit Ihrem Passwort an. Sonst registrieren Sie sich noch einmal: Sie bekommen einen neuen Link.',
  deadReset:
    'Fordern Sie einen neuen an. Nur der Link einer E-Mail, die nach der letzten Änderung des Passworts kam, gilt.',
  goSignIn: 'Zur Anmeldung',
  goForgot: 'Neuen Link anfordern',
  forgotTitle: 'Passwort vergessen?',
  forgotText:
    'Geben Sie die Adresse Ihres Kontos ein. Wir schicken Ihnen einen Link, mit dem Sie ein neues Passwort setzen; er gilt eine Stunde.',
  forgot: 'Link schicken',
  forgotLife: 'Falls es zu dieser Adresse ein Konto gibt, gilt der Link darin eine Stunde.',
}
