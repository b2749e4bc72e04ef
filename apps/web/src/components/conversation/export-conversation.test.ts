import type { Message } from '@throughline/protocol'
import { expect, test } from 'vitest'
import { conversationJson, conversationMarkdown, fileName } from './export-conversation.ts'

const citation = { n: 1, documentId: 'd', title: 'Cookies', start: 4, end: 14, quote: 'await\n cookies()' }

function message(change: Partial<Message>): Message {
  return {
    id: 'm',
    role: 'user',
    parentId: null,
    runId: null,
    agentId: null,
    content: '',
    status: 'complete',
    integrity: 'complete',
    citations: [],
    attachments: [],
    offset: 1,
    createdAt: 0,
    endedAt: 1_000,
    bridged: false,
    ...change,
  }
}

const conversation = {
  title: 'Reading cookies',
  messages: [
    message({ id: 'q', content: 'How do I read cookies?' }),
    message({
      id: 'a',
      role: 'assistant',
      parentId: 'q',
      content: 'You await them [1].',
      citations: [citation],
    }),
  ],
}

test('as Markdown, an answer stands below its question with the passages it cites', () => {
  expect(conversationMarkdown(conversation, 'Sources')).toBe(
    '# Reading cookies\n\n## How do I read cookies?\n\nYou await them [1].\n\n### Sources\n\n- [1] Cookies: “await cookies()”\n',
  )
})

test('as JSON, each citation keeps its place in its document', () => {
  const document = JSON.parse(conversationJson(conversation)) as { messages: Message[] }
  expect(document).toMatchObject({ format: 'throughline-conversation', version: 1, title: 'Reading cookies' })
  expect(document.messages[1]).toMatchObject({ id: 'a', parentId: 'q', citations: [citation] })
})

test('a title becomes a name that any file system takes', () => {
  expect(fileName('What is `a/b`: “c”?', 'md')).toBe('What-is-a-b-c.md')
  expect(fileName('كيف أقرأ الملفات؟', 'json')).toBe('كيف-أقرأ-الملفات.json')
  expect(fileName('???', 'md')).toBe('conversation.md')
})
