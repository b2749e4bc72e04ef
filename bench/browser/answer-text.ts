import { seeded } from '../harness/random.ts'

const WORDS =
  'stream event cursor answer reader server browser token frame page route handler cache request response session log offset replay network proxy buffer render component state layout message agent library passage source'.split(
    ' ',
  )

/** An answer in Markdown as teams write them: headings, paragraphs with citations, lists, code and tables. */
export function answerText(length: number, seed = 8): string {
  const random = seeded(seed)
  const pick = (count: number): number => Math.floor(random() * count)
  const words = (count: number): string =>
    Array.from({ length: count }, () => WORDS[pick(WORDS.length)] ?? '').join(' ')
  const sentence = (): string => `${words(8 + pick(10))} **${words(2)}** \`${words(1)}\` [${1 + pick(9)}].`
  const blocks = [
    () => `## ${words(4)}`,
    () => Array.from({ length: 4 }, sentence).join(' '),
    () => Array.from({ length: 3 }, sentence).join(' '),
    () => Array.from({ length: 5 }, () => `- ${sentence()}`).join('\n'),
    () =>
      `\`\`\`ts\n${Array.from({ length: 6 }, () => `const ${words(1)} = ${words(1)}()`).join('\n')}\n\`\`\``,
    () =>
      `| ${words(1)} | ${words(1)} |\n|---|---|\n${Array.from({ length: 4 }, () => `| ${words(3)} | ${words(3)} |`).join('\n')}`,
  ]
  let text = ''
  for (let at = 0; text.length < length; at += 1) text += `${blocks[at % blocks.length]?.() ?? ''}\n\n`
  return text.slice(0, length)
}

/** A text in pieces of this size. */
export function piecesOf(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
    text.slice(at * size, (at + 1) * size),
  )
}
