import { english } from './sentences/english.ts'
import { german } from './sentences/german.ts'
import type { LetterName, LetterSentences } from './sentences/sentences.ts'
import type { Mail } from './mailer.ts'

const LANGUAGES: Readonly<Record<'en' | 'de', LetterSentences>> = { en: english, de: german }

export interface LetterContents {
  readonly name: LetterName
  readonly language: 'en' | 'de'
  /** Where its first link leads. */
  readonly link: string
  /** Where a password is asked for anew. */
  readonly forgot: string
}

type Part =
  { readonly text: string } | { readonly text: string; readonly link: string; readonly first: boolean }

/** A mail in words: as plain text, and the same with links to press. */
export function compose({ name, language, link, forgot }: LetterContents): Omit<Mail, 'id' | 'to'> {
  const { subject, paragraphs, action, after, second, end = [] } = LANGUAGES[language][name]
  const parts: readonly Part[] = [
    ...paragraphs.map((text) => ({ text })),
    ...(action === undefined ? [] : [{ text: action, link, first: true }]),
    ...after.map((text) => ({ text })),
    ...(second === undefined ? [] : [{ text: second, link: forgot, first: false }]),
    ...end.map((text) => ({ text })),
  ]
  return { language, subject, text: `${parts.map(plain).join('\n\n')}\n`, html: page(language, parts) }
}

function plain(part: Part): string {
  return 'link' in part ? `${part.text}:\n${part.link}` : part.text
}

function page(language: string, parts: readonly Part[]): string {
  const body = parts.map((part) => `<p style="margin:0 0 16px">${inner(part)}</p>`).join('\n')
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">`,
    '<meta name="color-scheme" content="light dark"></head>',
    '<body style="margin:0;padding:24px;font:16px/1.5 system-ui,sans-serif">',
    `<div style="max-width:560px;margin:0 auto">\n${body}\n</div></body></html>`,
  ].join('\n')
}

function inner(part: Part): string {
  if (!('link' in part)) return escaped(part.text)
  const style = part.first
    ? ' style="display:inline-block;padding:10px 18px;border-radius:8px;background:#2f5fd0;color:#ffffff;text-decoration:none;font-weight:600"'
    : ''
  return `<a href="${escaped(part.link)}"${style}>${escaped(part.text)}</a>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${String(sign.charCodeAt(0))};`)
}
