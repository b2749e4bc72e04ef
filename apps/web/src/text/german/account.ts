import type { Strings } from '../english/index.ts'

/** What the server says of passwords. */
const PASSWORD_RULES: Readonly<Record<string, string>> = {
  'Use at least 10 characters.': 'Nehmen Sie mindestens 10 Zeichen.',
  'Use at most 128 characters.': 'Nehmen Sie höchstens 128 Zeichen.',
  'Use more different characters.': 'Nehmen Sie mehr verschiedene Zeichen.',
  'Use something else than your e-mail address.': 'Nehmen Sie etwas anderes als Ihre E-Mail-Adresse.',
  'That password is on every list: use another one, several words for instance.':
    'Dieses Passwort steht auf jeder Liste: Nehmen Sie ein anderes, zum Beispiel mehrere Wörter.',
}

/** What the interface says about accounts, settings and shared conversations, in German. */
export const account: Strings['account'] = {
  signInTitle: 'Anmelden',
  signUpTitle: 'Konto anlegen',
  email: 'E-Mail-Adresse',
  password: 'Passwort',
  newPassword: 'Neues Passwort',
  currentPassword: 'Bisheriges Passwort',
  passwordHint: 'Mindestens 10 Zeichen. Mehrere Wörter lassen sich leicht merken.',
  weak: (message) => PASSWORD_RULES[message] ?? message,
  showPassword: 'Passwort zeigen',
  hidePassword: 'Passwort verbergen',
  signIn: 'Anmelden',
  signUp: 'Konto anlegen',
  working: 'Einen Moment …',
  haveAccount: 'Ich habe ein Konto',
  noAccount: 'Ich habe noch kein Konto',
  or: 'oder',
  guestKeeps:
    'Die Unterhaltungen eines Gastes bleiben bei diesem Browser. Sie können sie später in ein Konto übernehmen.',
  notTogether: 'Diese E-Mail-Adresse und dieses Passwort gehören nicht zusammen.',
  maybeTaken:
    'Das hat nicht geklappt. Falls es zu dieser Adresse schon ein Konto gibt, melden Sie sich stattdessen mit dessen Passwort an.',
  tooMany: 'Zu viele Versuche. Warten Sie einen Moment, und versuchen Sie es dann noch einmal.',
  unreachable:
    'Der Server war nicht zu erreichen. Prüfen Sie Ihre Verbindung, und versuchen Sie es noch einmal.',
  guestSessionsTitle: 'Die Unterhaltungen, die Sie als Gast haben',
  guestSessionsMove: 'In das Konto übernehmen',
  guestSessionsDelete: 'Löschen',
  account: 'Konto',
  keepConversations: 'Unterhaltungen behalten',
  guest: 'Gast',
  accountOf: (name) => `Konto: ${name}`,
  guestNote: 'Diese Unterhaltungen bleiben bei diesem Browser. Behalten Sie sie in einem Konto.',
  guestAccountTitle: 'Sie sind Gast',
  guestAccountText:
    'Ihre Unterhaltungen gehören zu diesem Browser. Mit einem Konto haben Sie sie überall, wo Sie sich anmelden; dabei geht nichts verloren.',
  signedInAs: 'Angemeldet als',
  changePassword: 'Passwort ändern',
  passwordChanged: 'Passwort geändert. Alle anderen Anmeldungen sind beendet.',
  changePasswordText: 'Überall sonst müssen Sie sich neu anmelden.',
  everywhereTitle: 'Überall abmelden',
  everywhereText:
    'Beendet sofort jede Anmeldung dieses Kontos auf allen Geräten. Auch laufende Antworten brechen dort ab.',
  everywhere: 'Überall abmelden',
  deleteTitle: 'Konto löschen',
  deleteGuestTitle: 'Alles löschen',
  deleteText:
    'Entfernt das Konto mit seinen Unterhaltungen, Dokumenten, Links und Einstellungen, für immer. Das lässt sich nicht rückgängig machen.',
  deleteGuestText:
    'Entfernt Ihre Unterhaltungen, Dokumente, Links und Einstellungen, für immer. Das lässt sich nicht rückgängig machen.',
  deleteAsk: 'Alles für immer löschen?',
  deleteConfirm: 'Für immer löschen',
  settings: 'Einstellungen',
  back: 'Zurück',
  loading: 'Wird geladen …',
  loadFailed: 'Das konnte nicht geladen werden.',
  share: 'Teilen',
  quoted: 'Was die Antwort zitiert',
}
