import type { ShareStrings } from '../english/share.ts'

/** What is said of links to a conversation, where they are made and where they are opened, in German. */
export const share: ShareStrings = {
  shareTitle: 'Diese Unterhaltung teilen',
  shareText:
    'Wer den Link hat, kann live mitlesen und sonst nichts. Das Geheimnis steckt im Link: Er wird nur einmal gezeigt.',
  shareExpires: 'Gilt',
  shareLives: {
    hour: 'eine Stunde',
    day: 'einen Tag',
    week: 'eine Woche',
    month: '30 Tage',
    always: 'bis zum Widerruf',
  },
  shareCreate: 'Link erstellen',
  shareLink: 'Link',
  shareCopy: 'Link kopieren',
  shareList: 'Links dieser Unterhaltung',
  shareNone: 'Es gibt keine.',
  shareUntil: (when) => `gilt bis ${when}`,
  shareForever: 'gilt bis zum Widerruf',
  shareSince: (when) => `Erstellt ${when}`,
  shareRevoke: 'Widerrufen',
  shareRevoked: 'Widerrufen. Wer mitlas, wurde hinausbegleitet.',
  sharedBadge: 'Geteilt, nur zum Lesen',
  sharedLive: 'Live',
  sharedQuestion: 'Frage',
  sharedWaiting: 'Verbindet …',
  sharedGoneTitle: 'Dieser Link funktioniert nicht',
  sharedGone: 'Er wurde widerrufen, ist abgelaufen oder nicht vollständig kopiert.',
  sharedEnded: 'Dieser Link gilt nicht mehr. Was Sie gelesen haben, bleibt stehen, bis Sie gehen.',
  sharedOpening: 'Die Unterhaltung wird geöffnet',
  sharedEmpty: 'Hier wurde noch nichts gefragt.',
}
