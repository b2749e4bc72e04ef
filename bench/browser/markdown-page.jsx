import { marked } from 'marked'
import { memo } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { Blocks } from '@/markdown/blocks'
import { StreamingMarkdown } from '@/markdown/streaming-markdown'

const Memoised = memo(
  ({ token }) => <Blocks tokens={[token]} />,
  (before, after) => before.token.raw === after.token.raw,
)

/** The whole text is lexed each time; a block whose source is the same is not rendered again. */
function MemoisedBlocks({ text }) {
  return marked.lexer(text).map((token, index) => <Memoised key={index} token={token} />)
}

const strategies = {
  'settled prefix': ({ text }) => <StreamingMarkdown text={text} ended={false} />,
  'memoised blocks': MemoisedBlocks,
  'whole text': ({ text }) => <Blocks tokens={marked.lexer(text)} />,
}

/** Shows a text that grows by one piece a frame; answers how many characters are shown in the end. */
globalThis.grow = async (name, pieces) => {
  const Strategy = strategies[name]
  const element = document.getElementById('root')
  const root = createRoot(element)
  let text = ''
  for (const piece of pieces) {
    text += piece
    flushSync(() => root.render(<Strategy text={text} />))
    await new Promise((resolve) => requestAnimationFrame(resolve))
  }
  return element.textContent.length
}
