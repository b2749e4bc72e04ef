import type { TeamWords } from './english.ts'

/** What the research team says, in German. */
export const german: TeamWords = {
  names: { planner: 'Planung', researcher: 'Recherche', writer: 'Text', reviewer: 'Prüfung' },
  answer: {
    seeAlso: 'Siehe auch',
    note: 'Wörtlich aus der Bibliothek zitiert. Kein Modell war beteiligt: Nichts ist erfunden, nichts hinzugefügt.',
  },
  plan: {
    meaning: (topic) => `Was ist mit „${topic}“ gemeint?`,
    use: (topic) => `Wie wird „${topic}“ verwendet, und gibt es ein Beispiel?`,
    section: (title) => `Was fügt „${title}“ hinzu?`,
  },
  decline: {
    unknown: 'Die Bibliothek enthält keine Antwort auf diese Frage, darum wird keine gegeben.',
    missing: (words) => `Kein Dokument erwähnt ${words.map((word) => `„${word}“`).join(', ')}.`,
    apart: 'Ihre Wörter kommen vor, aber kein Dokument bringt sie zusammen.',
    closest: (titles) => `Am nächsten kommt: ${titles.join(', ')}.`,
  },
  planning: 'Plant die Recherche',
  lookingAround: 'Sieht nach, was die Bibliothek enthält',
  choosingLines: 'Wählt die Teilfragen',
  askingForLines: 'Fragt das Modell nach Teilfragen',
  planned: (lines, byModel) =>
    `${counted(lines, 'Teilfrage', 'Teilfragen')}${byModel ? '' : ', ohne das Modell geplant'}`,
  lookingThrough: 'Sucht in der Bibliothek',
  found: (passages, documents, calls) => {
    const looked = calls === 0 ? '' : `, nach ${String(calls)}-maligem Nachsehen des Modells`
    if (passages === 0) return `Nichts gefunden${looked}`
    const from = counted(documents, 'Dokument', 'Dokumenten')
    return `${counted(passages, 'Textstelle', 'Textstellen')} aus ${from}${looked}`
  },
  composing: 'Stellt die Antwort zusammen',
  writing: 'Schreibt die Antwort',
  waitingForModel: 'Wartet auf das Modell',
  waitingForReviewer: 'Wartet auf die Prüfung',
  nothingToQuote: 'Nichts zu zitieren',
  quoted: (sources) => `${counted(sources, 'Quelle', 'Quellen')} zitiert`,
  cited: (citations) => counted(citations, 'Beleg', 'Belege'),
  checkingQuotes: 'Prüft jedes Zitat',
  comparing: (title) => (title === undefined ? 'Vergleicht mit der Quelle' : `Vergleicht mit ${title}`),
  quotesChecked: (checked, dropped) =>
    dropped === 0
      ? counted(checked, 'Zitat stimmt', 'Zitate stimmen')
      : `${String(dropped)} von ${String(checked)} verworfen`,
  checkingCitations: 'Prüft jeden Beleg',
  checkingCitation: (n) => `Prüft Beleg ${String(n)}`,
  citationsChecked: (standing, all) => `${String(standing)} von ${counted(all, 'Beleg', 'Belegen')} stimmen`,
  unverified: (marks) => `${marks}: nicht zu bestätigen, dahinter steht keine Quelle.`,
  doubtful: (marks) => `${marks}: belegt vielleicht nicht, wofür es angeführt wird.`,
  couldNotFinish: 'Konnte nicht fertig werden',
  results: (citations, sources, flagged) => {
    const review =
      flagged === undefined
        ? 'nicht geprüft'
        : flagged > 0
          ? `${String(flagged)} beanstandet`
          : 'alle geprüft'
    return `${counted(citations, 'Beleg', 'Belege')} aus ${counted(sources, 'Quelle', 'Quellen')}, ${review}`
  },
  approve: 'Geben Sie den Plan frei, oder ändern Sie, was nachgesehen wird.',
  approveAgain: (most) =>
    `Dieser Plan war nicht zu lesen: Senden Sie 1 bis ${String(most)} Fragen. Geben Sie den Plan frei, oder ändern Sie ihn.`,
  rejected: 'Der Plan wurde abgelehnt, darum wurde nichts nachgesehen.',
  nothingSearched: 'Niemand hat recherchiert: Nichts wurde nachgesehen, darum wird nichts beantwortet.',
  nobodyWrote: 'Niemand hat geschrieben, und zu zitieren fand sich nichts.',
  allDropped: 'Die Prüfung hat jedes gefundene Zitat verworfen, darum wird nichts beantwortet.',
  onWish: (wish, remark) => `Zu „${wish}“: ${remark}`,
  cutByLength: 'Hier endete die Antwort an der Längengrenze des Modells.',
  cutByFilter: 'Hier endete die Antwort am Filter des Modellanbieters.',
  tryingAgain: (busy, seconds) =>
    `${busy ? 'Das Modell ist ausgelastet' : 'Das Modell hat versagt'}; neuer Versuch in ${String(seconds)} s`,
}

function counted(count: number, one: string, other: string): string {
  return `${String(count)} ${count === 1 ? one : other}`
}
