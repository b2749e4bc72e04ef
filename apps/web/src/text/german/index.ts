import type { Said, Strings } from '../english/index.ts'
import { wordsOf } from '../words.ts'
import { account } from './account.ts'

const { counted, number } = wordsOf('de')

const RUN_FAILURES: Readonly<Record<string, string>> = {
  auth_error:
    'Der Modellanbieter hat den Schlüssel abgelehnt. Tragen Sie in den Einstellungen einen gültigen ein, oder fragen Sie, wer den Server betreibt.',
  invalid_request:
    'Der Modellanbieter hat die Anfrage abgelehnt. Prüfen Sie in den Einstellungen Modell und Adresse, oder fragen Sie nach weniger auf einmal.',
  network_error:
    'Der Modellanbieter war nicht zu erreichen, oder die Verbindung zu ihm brach ab. Versuchen Sie es noch einmal.',
  not_found: 'Die Frage gehört nicht mehr zur Unterhaltung. Stellen Sie sie noch einmal.',
  rate_limited:
    'Der Modellanbieter nimmt jetzt keine Anfragen mehr an, oder das Guthaben des Schlüssels ist aufgebraucht. Versuchen Sie es später noch einmal.',
  server_error:
    'Das Team konnte nicht zu Ende arbeiten. Versuchen Sie es noch einmal, oder fragen Sie nach weniger auf einmal.',
}

const REFUSALS: Readonly<Record<string, string>> = {
  auth_error: 'Die Anmeldung gilt nicht mehr. Melden Sie sich neu an.',
  conflict: 'Das kam zu spät, oder es ist schon geschehen.',
  invalid_request: 'Der Server kann das so nicht annehmen.',
  network_error: 'Der Server war nicht zu erreichen. Versuchen Sie es noch einmal.',
  not_found: 'Das gibt es nicht mehr.',
  rate_limited: 'Zu viel auf einmal. Warten Sie einen Augenblick, und versuchen Sie es dann noch einmal.',
  server_error: 'Der Server hatte ein Problem. Versuchen Sie es noch einmal.',
}

/** A code that is not known here is said as the server says it. */
function byCode(sentences: Readonly<Record<string, string>>, { code, message }: Said): string {
  return sentences[code] ?? message
}

const AGENTS = { one: 'Agent', other: 'Agenten' }
const AGENT_HAS = { one: 'Agent hat', other: 'Agenten haben' }
const QUESTIONS = { one: 'Frage', other: 'Fragen' }
const PASSAGES = { one: 'Textstelle', other: 'Textstellen' }

/** Every sentence that the interface says, in German. */
export const german: Strings = {
  locale: 'de',
  appName: 'Throughline',
  tagline:
    'Stellen Sie eine Frage. Ein Team von Agenten durchsucht die Bibliothek, schreibt eine Antwort mit Belegen und zeigt, wie es dazu kam.',
  guestSignIn: 'Als Gast fortfahren',
  signingIn: 'Anmeldung läuft …',
  signOut: 'Abmelden',
  signInFailed:
    'Die Anmeldung ist nicht gelungen. Prüfen Sie, ob der Server läuft, und versuchen Sie es noch einmal.',
  homeTitle: 'Was möchten Sie wissen?',
  examplesTitle: 'Fragen, die die Bibliothek beantworten kann (sie ist auf Englisch)',
  examples: [
    'How do I stream a response from a route handler?',
    'What is the difference between revalidatePath and revalidateTag?',
    'How do I read cookies in a server component?',
  ],
  howItWorks: 'So funktioniert es',
  steps: [
    { role: 'planner', title: 'Planen', text: 'Zerlegt Ihre Frage in Teilfragen.' },
    {
      role: 'researcher',
      title: 'Recherchieren',
      text: 'Mehrere Agenten durchsuchen zugleich die Bibliothek.',
    },
    { role: 'writer', title: 'Schreiben', text: 'Die Antwort erscheint laufend, mit nummerierten Quellen.' },
    { role: 'reviewer', title: 'Prüfen', text: 'Jeder Satz wird mit seiner Textstelle verglichen.' },
  ],
  libraryNote: 'Die Bibliothek enthält von Haus aus die englische Dokumentation von Next.js.',
  actionFailed: 'Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.',
  showMore: 'Mehr anzeigen',
  open: 'Öffnen',
  close: 'Schließen',
  cancel: 'Abbrechen',
  back: 'Zurück',
  edit: 'Bearbeiten',
  rename: 'Umbenennen',
  remove: 'Löschen',
  archive: 'Archivieren',
  unarchive: 'Aus dem Archiv holen',
  undo: 'Rückgängig',
  retry: 'Erneut versuchen',
  discard: 'Verwerfen',
  dismiss: 'Ausblenden',
  copy: 'Kopieren',
  copied: 'Kopiert',
  copyFailed: 'Nicht kopiert',
  copyQuestion: 'Frage kopieren',
  moreActions: 'Weitere Aktionen',
  skipToContent: 'Zum Inhalt springen',

  newSession: 'Neue Unterhaltung',
  untitled: 'Neue Unterhaltung',
  sessions: 'Unterhaltungen',
  archivedSessions: 'Archiv',
  loadingSessions: 'Ihre Unterhaltungen werden geladen',
  sessionsFailed: 'Ihre Unterhaltungen konnten nicht geladen werden.',
  noSessions: 'Hier erscheinen Ihre Unterhaltungen.',
  noArchived:
    'Das Archiv ist leer. Was Sie archivieren, bleibt auffindbar und lässt sich jederzeit zurückholen.',
  noMatch: 'Keine Unterhaltung hat das in ihrem Titel.',
  searchSessions: 'Unterhaltungen suchen',
  openMenu: 'Unterhaltungen öffnen',
  removed: 'Unterhaltung gelöscht',
  archived: 'Unterhaltung archiviert',
  unarchived: 'Unterhaltung aus dem Archiv geholt',
  periods: { today: 'Heute', yesterday: 'Gestern', week: 'Letzte 7 Tage', older: 'Älter' },

  theme: 'Farben',
  themeLight: 'Hell',
  themeDark: 'Dunkel',
  themeSystem: 'Wie das Gerät',

  promptLabel: 'Ihre Frage',
  promptPlaceholder: 'Fragen Sie nach der Dokumentation …',
  send: 'Senden',
  stop: 'Anhalten',
  queuedHint: 'Wartet auf die Antwort davor.',
  sending: 'Wird gesendet …',
  notSent: 'Nicht gesendet.',
  reviewPlanFirst: 'Plan prüfen',
  reviewPlanHint: 'Das Team zeigt seinen Plan und beginnt erst, wenn Sie zustimmen.',
  outbox: {
    title: 'Unterwegs',
    pending: (what) => `${what}: wartet auf das Senden`,
    late: (what) => `${what}: zu spät, das Team war schon fertig`,
    refused: (what, why) => `${what}: nicht ausgeführt. ${why}`,
    takeBack: 'Zurücknehmen',
    mayHaveArrived: 'Es wird nicht noch einmal gesendet, kann aber schon angekommen sein.',
    commands: {
      send: 'Ihre Frage',
      stop: 'Anhalten',
      regenerate: 'Neu beantworten',
      continue: 'Fortsetzen',
      steer: (word) => `Ihr Wort „${word}“`,
      resolve: (decision) => `Ihre Entscheidung „${decision}“`,
    },
  },
  jumpToLatest: 'Zum Neuesten springen',
  transcript: 'Unterhaltung',
  you: 'Sie',
  team: 'Rechercheteam',
  loading: 'Die Unterhaltung wird geladen',
  showOlder: 'Ältere Nachrichten anzeigen',
  exportAs: 'Exportieren',
  exportMarkdown: 'Als Markdown',
  exportJson: 'Als JSON',

  code: 'Code',
  regenerate: 'Neu beantworten',
  continueRun: 'Fortsetzen',
  editQuestion: 'Ihre Frage bearbeiten',
  editHint: 'Die frühere Fassung bleibt erreichbar.',
  askAgain: 'Fragen',
  versionOf: (n, of) => `Fassung ${number(n)} von ${number(of)}`,
  previousVersion: 'Frühere Fassung',
  nextVersion: 'Spätere Fassung',
  runFailure: (said) => byCode(RUN_FAILURES, said),
  refusal: (said) => byCode(REFUSALS, said),
  endedWithoutAnswer: 'Dieser Lauf endete, bevor er eine Antwort schrieb.',
  interrupted: 'Die Antwort wurde unterbrochen. Das Geschriebene bleibt erhalten.',
  cancelled: 'Angehalten. Das Geschriebene bleibt erhalten.',
  failed: 'Die Antwort konnte nicht fertiggestellt werden.',
  imageBlocked: (alt) => `Bild nicht angezeigt: ${alt}`,

  sources: 'Quellen',
  source: (n) => `Quelle ${number(n)}`,
  sourceOf: (n, of) => `Quelle ${number(n)} von ${number(of)}`,
  allSources: 'Alle Quellen',
  allSourcesOf: (n) => (n === 1 ? 'Die Quelle' : `Alle ${number(n)} Quellen`),
  previousSource: 'Vorige Quelle',
  nextSource: 'Nächste Quelle',
  passageMissing: 'Diese Textstelle ist nicht mehr in der Bibliothek. Die Antwort hat sie so zitiert:',
  passageFailed: 'Das Dokument konnte nicht geladen werden. Die Antwort zitiert es so:',
  passageLoading: 'Die Textstelle wird geöffnet …',

  plan: 'Plan',
  agents: 'Agenten',
  openTeam: 'Das Team bei der Arbeit zeigen',
  timeline: 'Zeitverlauf',
  transcriptOf: (name) => `Was geschah: ${name}`,
  nothingYet: 'Noch nichts.',
  progressOf: (name) => `Fortschritt: ${name}`,
  working: 'Arbeitet',
  waiting: 'Wartet',
  finished: 'Fertig',
  agentFailed: 'Gescheitert',
  agentBegan: 'Hat begonnen',
  runStarted: 'Das Team hat begonnen',
  runStatus: {
    queued: 'Wartet',
    running: 'Bei der Arbeit',
    completed: 'Fertig',
    failed: 'Gescheitert',
    cancelled: 'Angehalten',
    interrupted: 'Unterbrochen',
  },
  runEnded: {
    completed: 'Das Team ist fertig',
    failed: 'Der Lauf ist gescheitert',
    cancelled: 'Der Lauf wurde angehalten',
    interrupted: 'Der Lauf wurde unterbrochen',
  },
  planned: (n) => `${counted(n, { one: 'Teilfrage', other: 'Teilfragen' })} geplant`,
  decided: (decision) => `Sie haben entschieden: ${decision}`,
  steered: (word) => `Sie haben dem Team gesagt: „${word}“`,
  steer: 'Dem Team sagen',
  steerLabel: 'Ein Wort an das arbeitende Team',
  steerPlaceholder: 'Bitte auch …',
  steerLate: 'Das Team ist fertig: als Nächstes fragen',
  askNext: 'Als Nächstes fragen',
  reviewPlan: 'Den Plan prüfen',
  approvePlan: 'Zustimmen',
  approveChanged: 'Änderungen zustimmen',
  rejectPlan: 'Ablehnen',
  addSubQuestion: 'Frage hinzufügen',
  subQuestion: (n) => `Frage ${number(n)} des Plans`,
  removeSubQuestion: (n) => `Frage ${number(n)} entfernen`,
  teamAsks: 'Das Team hat eine Frage',
  answer: 'Antworten',
  waitsForYou: 'Das Team wartet auf Sie',
  teamAtWork: 'Das Team ist bei der Arbeit',
  queued: 'Wartet auf das Team',
  timeLeft: (ms) => `noch ${number(Math.max(1, Math.round(ms / 1000)))} s`,
  researchCompleted: 'Recherche abgeschlossen',
  researchDone: (sources) => `Antwort fertig, ${counted(sources, { one: 'Quelle', other: 'Quellen' })}`,
  researchCut: (questions, agents) => `${counted(agents, AGENTS)} an ${counted(questions, QUESTIONS)}`,
  researchSummary: (questions, agents, passages) =>
    `${counted(agents, AGENT_HAS)} zu ${counted(questions, { one: 'Frage', other: 'Fragen' })} recherchiert und ${counted(passages, PASSAGES)} behalten`,
  agentFinished: (name) => `${name} ist fertig`,
  agentGaveUp: (name) => `${name} hat aufgegeben`,

  connection: {
    connecting: 'Verbindung wird aufgebaut …',
    reconnecting: 'Verbindung verloren. Sie wird wiederhergestellt …',
    offline:
      'Sie sind offline. Die Antwort geht auf dem Server weiter und ist da, sobald Sie wieder verbunden sind.',
    polling: 'Dieses Netz lässt kein Live-Streaming zu. Neues wird stattdessen laufend abgeholt.',
    signed_out: 'Sie wurden abgemeldet. Ihr Entwurf ist noch da.',
    other_tab: 'Die Verbindung ist in einem anderen Tab offen.',
    failed: 'Die Verbindung konnte nicht wiederhergestellt werden.',
  },
  reconnectingAttempt: (attempt) =>
    `Verbindung verloren. Sie wird wiederhergestellt (Versuch ${number(attempt)}) …`,
  reconnectIn: (seconds, attempt) =>
    `Verbindung verloren. Nächster Versuch in ${number(seconds)} s (Versuch ${number(attempt)}).`,
  carriedByOtherTab: 'Ein anderer Tab hält die Verbindung.',
  retryNow: 'Jetzt versuchen',
  useHere: 'Hier benutzen',
  signInAgain: 'Neu anmelden',

  notFound: 'Diese Unterhaltung gibt es nicht, oder es ist nicht Ihre.',
  notFoundTitle: 'Nicht gefunden',
  draftRescued: 'Was Sie dort gerade schrieben, wartet im Eingabefeld einer neuen Unterhaltung.',
  backHome: 'Neue Unterhaltung beginnen',

  palette: {
    title: 'Befehle',
    placeholder: 'Zu einer Unterhaltung gehen oder etwas tun …',
    empty: 'Nichts dieses Namens.',
    actions: 'Aktionen',
    light: 'Helle Farben',
    dark: 'Dunkle Farben',
    toRight: 'Von rechts nach links',
    toLeft: 'Von links nach rechts',
    newKeys: 'Strg Umschalt O',
  },
  shortcuts: {
    title: 'Tastenkürzel',
    groups: [
      {
        title: 'Überall',
        keys: [
          { press: 'Strg K', does: 'Befehle' },
          { press: 'Strg Umschalt O', does: 'Neue Unterhaltung' },
          { press: 'L', does: 'Bibliothek' },
          { press: '/', does: 'Eine Frage schreiben' },
          { press: '?', does: 'Diese Übersicht' },
          { press: 'Esc', does: 'Offenes schließen' },
        ],
      },
      {
        title: 'Beim Schreiben',
        keys: [
          { press: 'Eingabe', does: 'Senden' },
          { press: 'Umschalt Eingabe', does: 'Neue Zeile' },
        ],
      },
      {
        title: 'Liste der Unterhaltungen',
        keys: [
          { press: '↑ ↓', does: 'Von einer zur nächsten' },
          { press: 'F2', does: 'Umbenennen' },
          { press: 'Entf', does: 'Löschen, mit Rückgängig' },
        ],
      },
    ],
  },

  /** What others say of it; what it says itself comes with it. */
  library: {
    title: 'Bibliothek',
    open: 'Bibliothek öffnen',
    addYours: 'Eigene Dokumente hinzufügen',
  },
  account,
  /** What others say of it; what it says itself comes with it. */
  inspector: {
    title: 'Inspektor',
    open: 'Den Strom untersuchen',
    fileTitle: 'Eine Aufzeichnung ansehen',
  },
}
