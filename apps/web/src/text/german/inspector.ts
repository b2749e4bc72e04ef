import type { InspectorStrings } from '../english/inspector.ts'
import { wordsOf } from '../words.ts'

const { counted, number } = wordsOf('de')

/** What the inspector says, in German. */
export const inspector: InspectorStrings = {
  intro: 'Alles, was über die Leitung kam, und was daraus wurde.',
  live: 'Live',
  paused: 'Angehalten',
  pause: 'Anhalten',
  resume: 'Weiter',
  recorded: (when) => `Aufzeichnung vom ${when}`,
  exportCapture: 'Aufzeichnung exportieren',
  loadCapture: 'Aufzeichnung laden',
  backToLive: 'Zurück zu live',
  notACapture: 'Diese Datei ist nicht als Aufzeichnung lesbar.',
  fileText:
    'Jemand hat sie aus dem Inspektor einer Unterhaltung exportiert. Laden Sie die Datei oder ziehen Sie sie hierher, und gehen Sie Schritt für Schritt durch, was geschah, vor und zurück. Sie wird in diesem Browser gelesen und nirgendwohin geschickt.',
  dropHere: 'Loslassen, um die Aufzeichnung zu laden',
  session: 'Unterhaltung',
  filter: 'Nach Typ, Cursor oder Agent filtern',
  kinds: {
    all: 'Alle',
    event: 'Ereignisse',
    trouble: 'Störungen',
    connection: 'Verbindung',
  },
  counts: {
    events: 'Ereignisse',
    lag: 'Verzug (Median)',
    lost: 'Lücken',
    repeated: 'Doppelte verworfen',
    resets: 'Rücksetzungen',
    reconnects: 'Neuverbindungen',
    leaders: 'Führungswechsel',
  },
  receipts: {
    new: '',
    repeated: 'wiederholt, verworfen',
    useless: 'vor dem Schnappschuss verworfen',
    lost: 'Lücke',
  },
  nothing: 'Noch ist nichts gekommen. Fragen Sie etwas, dann erscheint es hier.',
  noMatch: 'Kein Eintrag passt zum Filter.',
  entries: 'Einträge',
  details: 'Daten',
  travel: 'Zeitreise',
  travelHint:
    'Die Unterhaltung, wie sie nach dem gewählten Eintrag war, durch dieselbe Faltung wie auf Bildschirm und Server.',
  step: (at, of) => `Nach Eintrag ${number(at)} von ${number(of)}`,
  beginning: 'Vor dem ersten Eintrag',
  earlier: 'Einen Eintrag zurück',
  later: 'Einen Eintrag vor',
  messages: 'Nachrichten',
  runs: 'Läufe',
  position: 'Position',
  none: 'keine',
  state: 'Gefalteter Zustand',
  connectionIs: (status, attempt) =>
    attempt === 0 ? `Verbindung ${status}` : `Verbindung ${status}, Versuch ${number(attempt)}`,
  heldState: 'Unterhaltung zu Beginn der Untersuchung',
  tooLong: (characters) => `${counted(characters, { other: 'Zeichen' })} mehr`,
}
