import type { Message } from '@throughline/protocol'
import { sourcesOf } from './sources.ts'

/** What leaves the app as a file. */
export interface ExportedConversation {
  readonly title: string
  readonly messages: readonly Message[]
}

/** The branch shown as a Markdown document, each answer with the passages it cites. */
export function conversationMarkdown(
  { title, messages }: ExportedConversation,
  sourcesHeading: string,
): string {
  const turns = messages.map((message) =>
    message.role === 'user'
      ? `## ${message.content.trim().replaceAll('\n', '\n## ')}`
      : [message.content.trim(), ...sourceLines(message, sourcesHeading)].join('\n\n'),
  )
  return `# ${title}\n\n${turns.join('\n\n')}\n`
}

function sourceLines({ citations }: Message, heading: string): readonly string[] {
  if (citations.length === 0) return []
  const lines = sourcesOf(citations).flatMap(({ title, citations: cited }) =>
    cited.map(({ n, quote }) => `- [${String(n)}] ${title}: “${quote.trim().replaceAll(/\s+/g, ' ')}”`),
  )
  return [`### ${heading}`, lines.join('\n')]
}

/** The branch shown as JSON, with the place of every citation. */
export function conversationJson({ title, messages }: ExportedConversation): string {
  const document = {
    format: 'throughline-conversation',
    version: 1,
    title,
    messages: messages.map(({ id, role, parentId, content, status, citations, createdAt, endedAt }) => ({
      id,
      role,
      parentId,
      content,
      status,
      citations,
      createdAt: time(createdAt),
      endedAt: endedAt === null ? null : time(endedAt),
    })),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}

function time(ms: number): string {
  return new Date(ms).toISOString()
}

/** A file's name made from a title: what every file system takes. */
export function fileName(title: string, extension: string): string {
  const stem = title
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 60)
  return `${stem === '' ? 'conversation' : stem}.${extension}`
}
