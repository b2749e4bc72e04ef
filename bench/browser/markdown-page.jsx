import { marked } from 'marked'
import { memo } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { Blocks } from '@/markdown/blocks'
import { StreamingMarkdown } from '@/markdown/streaming-markdown'

const Memoised = memo(
  ({ token }) => <Blocks tokens={[token]} settled={0} />,
  (before, after) => before.token.raw === after.token.raw,
)

/** The whole text is lexed each time; a block whose source is the same is not rendered again. */
function MemoisedBlocks({ text }) {
  return (
    <Answer>
      {marked.lexer(text).map((token, index) => (
        <Memoised key={index} token={token} />
      ))}
    </Answer>
  )
}

function WholeText({ text }) {
  return (
    <Answer>
      <Blocks tokens={marked.lexer(text)} settled={0} />
    </Answer>
  )
}

/** What the app has around an answer's blocks. */
function Answer({ children }) {
  return (
    <div className="prose-answer" data-open dir="auto">
      <div className="prose-chunk">{children}</div>
    </div>
  )
}

const strategies = {
  'settled prefix': ({ text }) => <StreamingMarkdown text={text} ended={false} />,
  'memoised blocks': MemoisedBlocks,
  'whole text': WholeText,
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
