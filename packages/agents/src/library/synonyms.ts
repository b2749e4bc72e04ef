import { stemsOf } from './words.ts'

/** Words a newcomer and a manual use for the same thing. General to web development; nothing of one product. */
const GROUPS: readonly (readonly string[])[] = [
  ['404', 'not found'],
  ['auth', 'authentication', 'authenticate', 'authorization', 'login', 'log in', 'logged', 'sign in'],
  ['config', 'configuration', 'configure', 'settings', 'options'],
  ['crash', 'error', 'exception', 'failure'],
  ['db', 'database'],
  ['delete', 'remove'],
  ['deploy', 'deployment', 'hosting'],
  ['docker', 'container'],
  ['docs', 'documentation'],
  ['domain', 'hostname', 'remote'],
  ['env', 'environment'],
  ['fast', 'performance', 'speed', 'slow', 'optimize'],
  ['fetch', 'load', 'retrieve'],
  ['folder', 'directory'],
  ['image', 'img', 'picture', 'photo'],
  ['install', 'setup'],
  ['js', 'javascript'],
  ['limit', 'maximum', 'size'],
  ['modal', 'dialog', 'popup'],
  ['navigate', 'navigation', 'link'],
  ['package', 'dependency', 'library'],
  ['phone', 'mobile'],
  ['protect', 'secure', 'security', 'restrict'],
  ['querystring', 'query string', 'search params'],
  ['refresh', 'revalidate', 'invalidate', 'update'],
  ['run', 'execute'],
  ['seo', 'metadata'],
  ['spinner', 'loading', 'skeleton', 'fallback'],
  ['style', 'css', 'stylesheet'],
  ['test', 'testing', 'spec'],
  ['translate', 'translation', 'internationalization', 'i18n', 'localization', 'locale', 'language'],
  ['ts', 'typescript'],
  ['upgrade', 'migrate', 'migration', 'codemod'],
  ['upload', 'file'],
  ['url', 'path', 'href'],
]

const bySynonym: ReadonlyMap<string, readonly string[]> = buildIndex()

/** Words and phrases that may stand for this word or phrase, given by its stems; none for most. */
export function synonymsOf(stems: string): readonly string[] {
  return bySynonym.get(stems) ?? []
}

function buildIndex(): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>()
  for (const group of GROUPS) {
    for (const word of group) {
      const stems = stemsOf(word).join(' ')
      const others = group.filter((other) => stemsOf(other).join(' ') !== stems)
      index.set(stems, [...(index.get(stems) ?? []), ...others])
    }
  }
  return index
}
