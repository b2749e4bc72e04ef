// @vitest-environment happy-dom
import { cleanup, render } from '@testing-library/react'
import { useRef } from 'react'
import { afterEach, expect, test } from 'vitest'
import { KeepSelection } from './keep-selection.tsx'

afterEach(() => {
  getSelection()?.removeAllRanges()
  cleanup()
})

function textNode(text: string): Text {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode())
    if (node.nodeValue?.includes(text) === true) return node as Text
  throw new Error(`Nothing on the page says ${text}.`)
}

function Code({ coloured }: { coloured: boolean }) {
  const root = useRef<HTMLElement>(null)
  return (
    <code ref={root}>
      <KeepSelection root={root}>
        {coloured ? (
          <>
            <span>await </span>
            <span>cookies</span>()
          </>
        ) : (
          'await cookies()'
        )}
      </KeepSelection>
    </code>
  )
}

test('code that is coloured keeps what is selected in it, backwards, too', () => {
  const { rerender } = render(<Code coloured={false} />)
  const code = textNode('await cookies()')
  getSelection()?.setBaseAndExtent(code, 13, code, 3)
  rerender(<Code coloured />)
  const { anchorNode, anchorOffset, focusNode, focusOffset } = getSelection() ?? {}
  expect([anchorNode?.nodeValue, anchorOffset, focusNode?.nodeValue, focusOffset]).toEqual([
    'cookies',
    7,
    'await ',
    3,
  ])
})
