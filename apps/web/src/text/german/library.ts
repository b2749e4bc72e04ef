import type { LibraryStrings } from '../english/library.ts'
import { wordsOf } from '../words.ts'

const { counted, number } = wordsOf('de')

const PAGES = { one: 'Seite', other: 'Seiten' }
const PASSAGES = { one: 'Textstelle', other: 'Textstellen' }

const FAULTS: Readonly<Record<string, string>> = {
  empty: 'Die Datei ist leer.',
  no_text:
    'Die Datei enthält keinen Text, der sich durchsuchen ließe. Ist sie ein Scan, lassen Sie den Text erkennen und fügen Sie sie noch einmal hinzu.',
  unsupported:
    'Dateien dieser Art können nicht gelesen werden. Fügen Sie Markdown, Text, HTML, PDF oder DOCX hinzu.',
  encrypted:
    'Die Datei ist mit einem Passwort geschützt. Entfernen Sie den Schutz und fügen Sie sie noch einmal hinzu.',
  corrupt:
    'Die Datei ist beschädigt. Öffnen Sie sie dort, wo sie herkommt, speichern Sie sie neu und fügen Sie sie noch einmal hinzu.',
  too_large:
    'Die Datei ist zu groß, um auf einmal gelesen zu werden. Teilen Sie sie und fügen Sie die Teile hinzu.',
  too_slow: 'Das Lesen der Datei dauerte zu lange. Teilen Sie sie und fügen Sie die Teile hinzu.',
  too_many_pages: 'Die Datei hat zu viele Seiten. Teilen Sie sie und fügen Sie die Teile hinzu.',
  missing: 'Das Original der Datei ist nicht mehr da. Fügen Sie sie noch einmal hinzu.',
  failed: 'Die Datei konnte nicht gelesen werden. Fügen Sie sie noch einmal hinzu.',
}

const REFUSED: Readonly<Record<number, string>> = {
  400: 'Die Datei ist leer.',
  409: 'Die Bibliothek ist voll. Entfernen Sie zuerst etwas daraus.',
  413: 'Die Datei ist zu groß. Teilen Sie sie und fügen Sie die Teile hinzu.',
  415: 'Dateien dieser Art können nicht gelesen werden, oder die Datei ist mit einem Passwort geschützt. Fügen Sie Markdown, Text, HTML, PDF oder DOCX hinzu.',
}

/** What the library's screen says, in German. */
export const library: LibraryStrings = {
  intro:
    'Was das Team durchsucht und zitiert. Fügen Sie eigene Dokumente hinzu; nur Sie können danach fragen.',
  add: 'Dateien hinzufügen',
  addFolder: 'Ordner hinzufügen',
  dropHere: 'Dateien oder Ordner hier ablegen',
  dropHint: 'auch durch Hineinziehen von Dateien und Ordnern',
  kinds: 'Markdown, Text, HTML, PDF und DOCX',
  search: 'Ihre Dokumente suchen',
  yours: 'Ihre Dokumente',
  empty: 'Noch nichts von Ihnen',
  emptyText:
    'Fügen Sie ein PDF, einen Ordner mit Notizen oder eine gespeicherte Seite hinzu und fragen Sie danach. Der Index liegt auf diesem Server.',
  noMatch: 'Kein Dokument hat das in seinem Namen.',
  bundledNote: (documents, passages) =>
    `${counted(documents, PAGES)}, ${counted(passages, PASSAGES)}. Kommt mit der App und lässt sich nicht entfernen.`,
  loading: 'Die Bibliothek wird geladen',
  failed: 'Die Bibliothek konnte nicht geladen werden.',
  offline:
    'Sie sind offline: So war die Bibliothek zuletzt. Hinzufügen und Entfernen warten, bis Sie wieder verbunden sind.',
  uploading: 'Wird hochgeladen',
  status: {
    queued: 'Wartet',
    indexing: 'Wird aufgenommen',
    ready: 'Bereit',
    failed: 'Gescheitert',
    cancelled: 'Abgebrochen',
  },
  facts: (passages, pages) =>
    [...(pages === undefined ? [] : [counted(pages, PAGES)]), counted(passages, PASSAGES)].join(' · '),
  fault: ({ code, message }) => FAULTS[code] ?? message,
  refused: ({ status }) => (status === undefined ? undefined : REFUSED[status]),
  progressOf: (name) => `Fortschritt: ${name}`,
  cancelUpload: (name) => `${name} abbrechen`,
  remove: (name) => `${name} entfernen`,
  removeTitle: 'Aus der Bibliothek entfernen?',
  removeText: (title) =>
    `„${title}“ und die Textstellen daraus verschwinden. Antworten behalten ihre Zitate, aber die Stellen lassen sich nicht mehr öffnen.`,
  removeNow: 'Entfernen',
  removed: (title) => `${title} wurde entfernt`,
  duplicate: (name) => `${name} ist schon in der Bibliothek`,
  tooMany: (limit) =>
    `Nur die ersten ${number(limit)} Dateien wurden genommen. Fügen Sie die übrigen danach hinzu.`,
  added: (name) => `${name} wurde hinzugefügt`,
  dismiss: (name) => `${name} ausblenden`,
  previewOf: 'Was es beiträgt',
  passage: (n) => `Stelle ${number(n)}`,
  page: (n) => `Seite ${number(n)}`,
  noPassages: 'Noch lässt sich nichts darin finden.',
  previewFailed: 'Die Textstellen konnten nicht geladen werden.',
  morePassages: 'Weitere Stellen',
  showMore: 'Mehr anzeigen',
}
