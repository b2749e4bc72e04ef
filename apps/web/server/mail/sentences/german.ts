import type { LetterSentences } from './sentences.ts'

export const german: LetterSentences = {
  confirm: {
    subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
    paragraphs: [
      'Jemand, vermutlich Sie, möchte mit dieser E-Mail-Adresse ein Konto bei Throughline anlegen. Das Konto entsteht, sobald Sie diesen Link öffnen und das gewählte Passwort eingeben. Der Link gilt 24 Stunden und nur einmal.',
    ],
    action: 'Adresse bestätigen',
    after: [
      'Falls Sie das nicht waren, tun Sie nichts: Ohne das Passwort kann niemand den Link benutzen, und es entsteht kein Konto.',
    ],
  },
  taken: {
    subject: 'Sie haben schon ein Konto',
    paragraphs: [
      'Jemand, vermutlich Sie, wollte mit dieser E-Mail-Adresse ein Konto bei Throughline anlegen. Sie haben schon eines, und es wurde nichts geändert. Melden Sie sich mit dessen Passwort an.',
    ],
    action: 'Anmelden',
    after: ['Wenn Sie das Passwort nicht mehr wissen, setzen Sie ein neues:'],
    second: 'Passwort vergessen?',
    end: ['Falls Sie das nicht waren, ist nichts zu tun: Wer es war, hat nichts über Sie erfahren.'],
  },
  reset: {
    subject: 'Setzen Sie ein neues Passwort',
    paragraphs: [
      'Jemand, vermutlich Sie, möchte für Ihr Konto bei Throughline ein neues Passwort setzen. Der Link gilt eine Stunde und nur einmal. Mit dem neuen Passwort enden alle anderen Anmeldungen.',
    ],
    action: 'Neues Passwort setzen',
    after: ['Falls Sie das nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist.'],
  },
  unknown: {
    subject: 'Zu dieser Adresse gibt es kein Konto',
    paragraphs: [
      'Jemand, vermutlich Sie, wollte bei Throughline ein neues Passwort setzen. Zu dieser E-Mail-Adresse gibt es kein Konto: Vielleicht haben Sie eine andere benutzt oder diese noch nicht bestätigt. Ein Konto können Sie jederzeit anlegen.',
    ],
    action: 'Throughline öffnen',
    after: ['Falls Sie das nicht waren, ist nichts zu tun.'],
  },
  changed: {
    subject: 'Ihr Passwort wurde geändert',
    paragraphs: [
      'Das Passwort Ihres Kontos bei Throughline wurde geändert, alle anderen Anmeldungen sind beendet. Falls Sie das waren, ist nichts zu tun.',
    ],
    after: ['Falls Sie es nicht waren, setzen Sie sofort ein neues Passwort:'],
    second: 'Neues Passwort setzen',
  },
}
