import { wordsOf } from '../words.ts'

const { counted } = wordsOf('en')

/** What the inspector says. */
export const inspector = {
  intro: 'Everything that came over the line, and what became of it.',
  live: 'Live',
  paused: 'Paused',
  pause: 'Pause',
  resume: 'Go on',
  recorded: (when: string) => `Capture of ${when}`,
  exportCapture: 'Export capture',
  loadCapture: 'Load a capture',
  backToLive: 'Back to live',
  notACapture: 'This file could not be read as a capture.',
  fileText:
    'Somebody exported one from the inspector of a conversation. Load the file, or drop it here, and step through what happened, both ways. It is read in this browser and goes nowhere.',
  dropHere: 'Drop the capture to load it',
  session: 'Conversation',
  filter: 'Filter by type, cursor or agent',
  kinds: {
    all: 'All',
    event: 'Events',
    trouble: 'Trouble',
    connection: 'Connection',
  },
  counts: {
    events: 'Events',
    lag: 'Median lag',
    lost: 'Gaps',
    repeated: 'Replays dropped',
    resets: 'Resets',
    reconnects: 'Reconnects',
    leaders: 'Leader changes',
  },
  receipts: { new: '', repeated: 'replayed, dropped', useless: 'dropped before the snapshot', lost: 'gap' },
  nothing: 'Nothing has come yet. Ask something, and it will appear here.',
  noMatch: 'No entry matches the filter.',
  entries: 'Entries',
  details: 'Data',
  travel: 'Time travel',
  travelHint:
    'The conversation as it was after the chosen entry, by the same fold as the screen and the server.',
  step: (at: number, of: number) => `After entry ${String(at)} of ${String(of)}`,
  beginning: 'Before the first entry',
  earlier: 'One entry back',
  later: 'One entry on',
  messages: 'Messages',
  runs: 'Runs',
  position: 'Position',
  none: 'none',
  state: 'Folded state',
  connectionIs: (status: string, attempt: number) =>
    attempt === 0 ? `Connection ${status}` : `Connection ${status}, attempt ${String(attempt)}`,
  heldState: 'Conversation held when inspection began',
  tooLong: (characters: number) => `${counted(characters, { one: 'character', other: 'characters' })} more`,
}

/** These sentences in one language. */
export type InspectorStrings = typeof inspector
