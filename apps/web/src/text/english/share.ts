/** What is said of links to a conversation, where they are made and where they are opened. */
export const share = {
  shareTitle: 'Share this conversation',
  shareText:
    'Whoever has the link can read along, live, and nothing else. The secret is in the link: it is shown once.',
  shareExpires: 'Works',
  shareLives: {
    hour: 'for an hour',
    day: 'for a day',
    week: 'for a week',
    month: 'for 30 days',
    always: 'until I revoke it',
  },
  shareCreate: 'Create link',
  shareLink: 'Link',
  shareCopy: 'Copy link',
  shareList: 'Links of this conversation',
  shareNone: 'There are none.',
  shareUntil: (when: string) => `until ${when}`,
  shareForever: 'until revoked',
  shareSince: (when: string) => `Made ${when}`,
  shareRevoke: 'Revoke',
  shareRevoked: 'Revoked. Its readers were shown out.',
  sharedBadge: 'Shared, read-only',
  sharedLive: 'Live',
  sharedQuestion: 'Question',
  sharedWaiting: 'Reconnecting…',
  sharedGoneTitle: 'This link does not work',
  sharedGone: 'It was revoked, has expired, or was not copied whole.',
  sharedEnded: 'This link has ended. What you have read stays on the screen until you leave.',
  sharedOpening: 'Opening the conversation',
  sharedEmpty: 'Nothing has been asked here yet.',
}

/** These sentences in one language. */
export type ShareStrings = typeof share
