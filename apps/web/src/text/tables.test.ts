import { expect, test } from 'vitest'
import { checkNewPassword } from '../../server/accounts/password-rules.ts'
import { duration } from '../components/agents/duration.ts'
import { byteSize } from '../components/library/byte-size.ts'
import { english } from './english/index.ts'
import { inspector } from './english/inspector.ts'
import { library } from './english/library.ts'
import { mail } from './english/mail.ts'
import { settings } from './english/settings.ts'
import { share } from './english/share.ts'
import { inspector as germanInspector } from './german/inspector.ts'
import { library as germanLibrary } from './german/library.ts'
import { mail as germanMail } from './german/mail.ts'
import { settings as germanSettings } from './german/settings.ts'
import { share as germanShare } from './german/share.ts'
import { loadStrings } from './load-strings.ts'

const german = await loadStrings('de')
/** What comes with every page, and what comes with the pieces that say it. */
const everything = {
  en: { ...english, pieces: { library, inspector, mail, settings, share } },
  de: {
    ...german,
    pieces: {
      library: germanLibrary,
      inspector: germanInspector,
      mail: germanMail,
      settings: germanSettings,
      share: germanShare,
    },
  },
}

/** Every sentence with its path, those with something to fill in filled in with `values`. */
function sentences(table: unknown, values: readonly number[], path = ''): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const visit = (value: unknown, at: string): void => {
    if (typeof value === 'string') found.set(at, value)
    else if (typeof value === 'function')
      found.set(`${at}(${String(value.length)})`, String((value as (...all: number[]) => unknown)(...values)))
    else for (const [key, inner] of Object.entries(value as object)) visit(inner, `${at}.${key}`)
  }
  visit(table, path)
  return found
}

/** Figures in a sentence, in any order: another language may say them in another. */
function figures(sentence: string | undefined): readonly string[] {
  return (sentence?.match(/\d+/g) ?? []).toSorted()
}

/** Words that both languages have; keys and examples that are the same in all. */
const SAME =
  /^\.(appName|code|plan|locale|runFailure\(1\)|refusal\(1\)|examples\.\d|steps\.\d\.role|shortcuts\.groups\.0\.keys\.\d\.press|shortcuts\.groups\.2\.keys\.[01]\.press|pieces\.share\.(shareLink|sharedLive)|pieces\.library\.(fault|refused)\(1\)|account\.weak\(1\)|pieces\.inspector\.(live|position|receipts\.new))$/

test.each([
  [1, 1, 1],
  [2, 3, 4],
  [17, 23, 31],
])('both languages have the same sentences, and fill in everything (%i, %i, %i)', (...values) => {
  const [ours, theirs] = [sentences(everything.en, values), sentences(everything.de, values)]
  expect([...theirs.keys()].toSorted()).toEqual([...ours.keys()].toSorted())
  for (const [path, sentence] of ours) {
    if (path.includes('(') && path !== '.allSourcesOf(1)')
      expect([path, ...figures(theirs.get(path))]).toEqual([path, ...figures(sentence)])
  }
})

test('nothing is left untranslated, and nothing is empty that is not empty in English', () => {
  const theirs = sentences(everything.de, [17, 23, 31])
  const same: string[] = []
  for (const [path, sentence] of sentences(everything.en, [17, 23, 31])) {
    if (theirs.get(path) === sentence && !SAME.test(path)) same.push(`${path}: ${sentence}`)
    if (sentence !== '') expect([path, theirs.get(path)]).not.toEqual([path, ''])
  }
  expect(same).toEqual([])
})

test('each language counts and writes figures in its own way', () => {
  expect(library.facts(1, 2_000)).toBe('2,000 pages · 1 passage')
  expect(germanLibrary.facts(1, 2_000)).toBe('2.000 Seiten · 1 Textstelle')
  expect(german.researchSummary(1, 1, 3)).toBe(
    '1 Agent hat zu 1 Frage recherchiert und 3 Textstellen behalten',
  )
  expect([byteSize(4_100, 'en'), byteSize(4_100, 'de'), byteSize(812, 'de')]).toEqual([
    '4.1 kB',
    '4,1 kB',
    '812 B',
  ])
  expect([duration(400, 'en'), duration(400, 'de'), duration(59_900, 'en')]).toEqual([
    '0.4 s',
    '0,4 s',
    '1 min 0 s',
  ])
})

test('what the server says in English is said in the page’s language by its code, and as it is where that is unknown', () => {
  const said = { code: 'auth_error', message: 'The model provider refused the key.' }
  expect(english.runFailure(said)).toBe(said.message)
  expect(german.runFailure(said)).toMatch(/^Der Modellanbieter hat den Schlüssel abgelehnt\./)
  expect(german.refusal({ code: 'conflict', message: 'Too late.' })).toMatch(/^Das kam zu spät/)
  expect(german.runFailure({ code: 'of_tomorrow', message: 'New.' })).toBe('New.')
  expect(germanLibrary.fault({ code: 'corrupt', message: 'It is damaged.' })).toMatch(
    /^Die Datei ist beschädigt/,
  )
  expect(germanLibrary.refused({ status: 413, message: 'Too large.' })).toMatch(/^Die Datei ist zu groß/)
})

test('what the server says of passwords is said in German, too', () => {
  const said = ['short', 'x'.repeat(200), 'aaaaaaaaaaaa', 'my ada@example.com', 'password1234'].map(
    (password) => {
      try {
        checkNewPassword(password, 'ada@example.com')
        return ''
      } catch (error) {
        return (error as Error).message
      }
    },
  )
  expect(new Set(said).size).toBe(5)
  for (const message of said) expect(german.account.weak(message)).not.toBe(message)
})
