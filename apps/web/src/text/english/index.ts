import { wordsOf } from '../words.ts'
import { account } from './account.ts'

const { counted, number } = wordsOf('en')

const AGENTS = { one: 'agent', other: 'agents' }
const QUESTIONS = { one: 'question', other: 'questions' }
const PASSAGES = { one: 'passage', other: 'passages' }

/** What the server says of a failure: a code, and a sentence in English. */
export interface Said {
  readonly code: string
  readonly message: string
}

/** Every sentence that the interface says, in one place. Other languages have the same keys. */
export const english = {
  /** Of the language, as `lang` and Intl take it. */
  locale: 'en',
  appName: 'Throughline',
  tagline:
    'Ask a question. A team of agents searches the library, writes a cited answer, and shows its work.',
  guestSignIn: 'Continue as guest',
  signingIn: 'Signing in…',
  signOut: 'Sign out',
  signInFailed: 'Signing in did not work. Check that the server is running, then try again.',
  homeTitle: 'What would you like to know?',
  examplesTitle: 'Questions that the library can answer',
  examples: [
    'How do I stream a response from a route handler?',
    'What is the difference between revalidatePath and revalidateTag?',
    'How do I read cookies in a server component?',
  ],
  howItWorks: 'How it works',
  steps: [
    { role: 'planner', title: 'Plan', text: 'Splits your question into lines of inquiry.' },
    { role: 'researcher', title: 'Research', text: 'Several agents search the library at once.' },
    { role: 'writer', title: 'Write', text: 'Streams an answer with numbered sources.' },
    { role: 'reviewer', title: 'Review', text: 'Checks each sentence against its passage.' },
  ],
  libraryNote: 'The library comes with the documentation of Next.js.',
  actionFailed: 'That did not work. Please try again.',
  showMore: 'Show more',
  open: 'Open',
  close: 'Close',
  cancel: 'Cancel',
  back: 'Back',
  edit: 'Edit',
  rename: 'Rename',
  remove: 'Delete',
  archive: 'Archive',
  unarchive: 'Take out of the archive',
  undo: 'Undo',
  retry: 'Try again',
  discard: 'Discard',
  dismiss: 'Dismiss',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'Not copied',
  copyQuestion: 'Copy question',
  moreActions: 'More actions',
  skipToContent: 'Skip to content',

  newSession: 'New conversation',
  untitled: 'New conversation',
  sessions: 'Conversations',
  archivedSessions: 'Archive',
  loadingSessions: 'Loading your conversations',
  sessionsFailed: 'Your conversations could not be loaded.',
  noSessions: 'Your conversations will be listed here.',
  noArchived: 'The archive is empty. What you archive stays searchable and can be taken out again.',
  noMatch: 'No conversation has this in its title.',
  searchSessions: 'Search conversations',
  openMenu: 'Open conversations',
  removed: 'Conversation deleted',
  archived: 'Conversation archived',
  unarchived: 'Conversation taken out of the archive',
  periods: { today: 'Today', yesterday: 'Yesterday', week: 'Last 7 days', older: 'Older' },

  theme: 'Theme',
  themeLight: 'Light',
  themeDark: 'Dark',
  themeSystem: 'System',

  promptLabel: 'Your question',
  promptPlaceholder: 'Ask about the documentation…',
  send: 'Send',
  stop: 'Stop',
  queuedHint: 'Waits for the answer before it.',
  sending: 'Sending…',
  notSent: 'Not sent.',
  reviewPlanFirst: 'Review the plan',
  reviewPlanHint: 'The team shows its plan and waits for your word before it begins.',
  outbox: {
    title: 'On its way',
    pending: (what: string) => `${what}: waits to be sent`,
    late: (what: string) => `${what}: too late, the team was already done`,
    refused: (what: string, why: string) => `${what}: not done. ${why}`,
    takeBack: 'Take back',
    mayHaveArrived: 'It is not sent again, but it may have arrived before.',
    commands: {
      send: 'Your question',
      stop: 'Stop',
      regenerate: 'Answer again',
      continue: 'Continue',
      steer: (word: string) => `Your word “${word}”`,
      resolve: (decision: string) => `Your decision “${decision}”`,
    },
  },
  jumpToLatest: 'Jump to latest',
  transcript: 'Conversation',
  you: 'You',
  team: 'Research team',
  loading: 'Loading the conversation',
  showOlder: 'Show older messages',
  exportAs: 'Export',
  exportMarkdown: 'As Markdown',
  exportJson: 'As JSON',

  code: 'Code',
  regenerate: 'Answer again',
  continueRun: 'Continue',
  editQuestion: 'Edit your question',
  editHint: 'The earlier version stays reachable.',
  askAgain: 'Ask',
  versionOf: (n: number, of: number) => `Version ${String(n)} of ${String(of)}`,
  previousVersion: 'Earlier version',
  nextVersion: 'Later version',
  /** Why a run failed. The server writes English; other languages say it by its code. */
  runFailure: ({ message }: Said) => message,
  /** Why a command or a file was refused, in the same way. */
  refusal: ({ message }: Said) => message,
  endedWithoutAnswer: 'This run ended before it wrote an answer.',
  interrupted: 'The answer was interrupted. What was written is kept.',
  cancelled: 'Stopped. What was written is kept.',
  failed: 'The answer could not be finished.',
  imageBlocked: (alt: string) => `Image not shown: ${alt}`,

  sources: 'Sources',
  source: (n: number) => `Source ${String(n)}`,
  sourceOf: (n: number, of: number) => `Source ${String(n)} of ${String(of)}`,
  allSources: 'All sources',
  allSourcesOf: (n: number) => (n === 1 ? 'The source' : `All ${number(n)} sources`),
  previousSource: 'Previous source',
  nextSource: 'Next source',
  passageMissing: 'This passage is no longer in the library. The answer quoted it as follows.',
  passageFailed: 'The document could not be loaded. The answer quotes it as follows.',
  passageLoading: 'Opening the passage…',

  plan: 'Plan',
  agents: 'Agents',
  openTeam: 'Show the team at work',
  timeline: 'Timeline',
  transcriptOf: (name: string) => `What happened: ${name}`,
  nothingYet: 'Nothing yet.',
  progressOf: (name: string) => `Progress of ${name}`,
  working: 'Working',
  waiting: 'Waiting',
  finished: 'Finished',
  agentFailed: 'Failed',
  agentBegan: 'Began',
  runStarted: 'The team began',
  runStatus: {
    queued: 'Waiting',
    running: 'At work',
    completed: 'Finished',
    failed: 'Failed',
    cancelled: 'Stopped',
    interrupted: 'Interrupted',
  },
  runEnded: {
    completed: 'The team finished',
    failed: 'The run failed',
    cancelled: 'The run was stopped',
    interrupted: 'The run was interrupted',
  },
  planned: (n: number) => `Planned ${counted(n, { one: 'line', other: 'lines' })} of inquiry`,
  decided: (decision: string) => `You said: ${decision}`,
  steered: (word: string) => `You told the team: “${word}”`,
  steer: 'Tell the team',
  steerLabel: 'A word to the team at work',
  steerPlaceholder: 'Also cover…',
  steerLate: 'The team has finished: ask this next',
  askNext: 'Ask next',
  reviewPlan: 'Review the plan',
  approvePlan: 'Approve',
  approveChanged: 'Approve changes',
  rejectPlan: 'Reject',
  addSubQuestion: 'Add a question',
  subQuestion: (n: number) => `Question ${String(n)} of the plan`,
  removeSubQuestion: (n: number) => `Remove question ${String(n)}`,
  teamAsks: 'The team has a question',
  answer: 'Answer',
  waitsForYou: 'The team waits for you',
  teamAtWork: 'The team is at work',
  queued: 'Waiting for the team',
  timeLeft: (ms: number) => `${String(Math.max(1, Math.round(ms / 1000)))} s left`,
  researchCompleted: 'Research completed',
  researchDone: (sources: number) =>
    `Answer complete, ${counted(sources, { one: 'source', other: 'sources' })}`,
  researchCut: (questions: number, agents: number) =>
    `${counted(agents, AGENTS)} worked on ${counted(questions, QUESTIONS)}`,
  researchSummary: (questions: number, agents: number, passages: number) =>
    `${counted(agents, AGENTS)} researched ${counted(questions, QUESTIONS)} and kept ${counted(passages, PASSAGES)}`,
  agentFinished: (name: string) => `${name} finished`,
  agentGaveUp: (name: string) => `${name} gave up`,

  connection: {
    connecting: 'Connecting…',
    reconnecting: 'Connection lost. Reconnecting…',
    offline: 'You are offline. The answer goes on at the server and will be here when you are back.',
    polling: 'Live streaming is blocked on this network. News are fetched as they come instead.',
    signed_out: 'You were signed out. Your draft is kept.',
    other_tab: 'The connection is open in another tab.',
    failed: 'The connection could not be restored.',
  },
  reconnectingAttempt: (attempt: number) => `Connection lost. Reconnecting (attempt ${String(attempt)})…`,
  reconnectIn: (seconds: number, attempt: number) =>
    `Connection lost. Trying again in ${String(seconds)} s (attempt ${String(attempt)}).`,
  carriedByOtherTab: 'Another tab holds the connection.',
  retryNow: 'Retry now',
  useHere: 'Use it here',
  signInAgain: 'Sign in again',

  notFound: 'There is no such conversation, or it is not yours.',
  notFoundTitle: 'Not found',
  draftRescued: 'What you were writing there waits in the prompt of a new conversation.',
  backHome: 'Start a new conversation',

  palette: {
    title: 'Command palette',
    placeholder: 'Go to a conversation, or do something…',
    empty: 'Nothing of this name.',
    actions: 'Actions',
    light: 'Light theme',
    dark: 'Dark theme',
    toRight: 'Right-to-left layout',
    toLeft: 'Left-to-right layout',
    newKeys: 'Ctrl Shift O',
  },
  shortcuts: {
    title: 'Keyboard shortcuts',
    groups: [
      {
        title: 'Everywhere',
        keys: [
          { press: 'Ctrl K', does: 'Command palette' },
          { press: 'Ctrl Shift O', does: 'New conversation' },
          { press: 'L', does: 'Library' },
          { press: '/', does: 'Write a question' },
          { press: '?', does: 'This sheet' },
          { press: 'Esc', does: 'Close what is open' },
        ],
      },
      {
        title: 'Writing',
        keys: [
          { press: 'Enter', does: 'Send' },
          { press: 'Shift Enter', does: 'New line' },
        ],
      },
      {
        title: 'List of conversations',
        keys: [
          { press: '↑ ↓', does: 'Go from one to the next' },
          { press: 'F2', does: 'Rename' },
          { press: 'Del', does: 'Delete, with undo' },
        ],
      },
    ],
  },

  /** What others say of it; what it says itself comes with it. */
  library: {
    title: 'Library',
    open: 'Open the library',
    addYours: 'Add your own documents',
  },
  account,
  /** What others say of it; what it says itself comes with it. */
  inspector: {
    title: 'Inspector',
    open: 'Inspect the stream',
    fileTitle: 'Look into a capture',
  },
}

/** The sentences of one language. */
export type Strings = typeof english
