import type { HighlightAnswer, HighlightOrder } from './highlight.ts'
import { colour } from './grammars.ts'

// A worker's own scope; the page's `window` has another `postMessage`.
const scope = self as unknown as {
  onmessage: ((event: MessageEvent<HighlightOrder>) => void) | null
  postMessage(answer: HighlightAnswer): void
}

scope.onmessage = ({ data: { id, code, language } }) => {
  colour(code, language).then(
    (lines) => {
      scope.postMessage({ id, lines })
    },
    // Its grammar could not be loaded: the code stays readable without.
    () => {
      scope.postMessage({ id, lines: undefined })
    },
  )
}
