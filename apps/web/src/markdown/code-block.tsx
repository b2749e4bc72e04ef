'use client'

import { Fragment, startTransition, useEffect, useRef, useState, type ReactNode } from 'react'
import { CopyButton } from '@/components/ui/copy-button'
import { useStrings } from '@/text/use-strings'
import { highlight, type CodeLines } from './highlight'
import { KeepSelection } from './keep-selection'

export interface CodeBlockProps {
  readonly code: string
  /** What stands behind the fence. */
  readonly language: string
  /** It can no longer change. */
  readonly settled: boolean
}

/** A fenced block with its language and a copy button; coloured once it can no longer change. */
export function CodeBlock({ code, language, settled }: CodeBlockProps) {
  const strings = useStrings()
  const root = useRef<HTMLElement>(null)
  const [name = ''] = language.split(/[\s{]/, 1)
  const lines = useHighlighted(code, settled ? name : undefined)
  return (
    <div className="overflow-hidden rounded-xl border border-line bg-surface">
      <div className="flex items-center justify-between border-b border-line py-0.5 ps-3.5 pe-1 text-xs text-faint">
        <span className="font-mono">{name}</span>
        <CopyButton text={code} label={strings.copy} />
      </div>
      <pre
        dir="ltr"
        tabIndex={0}
        aria-label={strings.code}
        className="overflow-x-auto px-3.5 py-3 text-start text-[0.8125rem] leading-relaxed"
      >
        <code ref={root} className="font-mono">
          <KeepSelection root={root}>{lines === undefined ? code : lines.map(line)}</KeepSelection>
        </code>
      </pre>
    </div>
  )
}

function line(tokens: CodeLines[number], index: number): ReactNode {
  return (
    <Fragment key={index}>
      {index > 0 && '\n'}
      {tokens.map(({ text, className }, at) =>
        className === undefined ? (
          text
        ) : (
          <span key={at} className={className}>
            {text}
          </span>
        ),
      )}
    </Fragment>
  )
}

function useHighlighted(code: string, language: string | undefined): CodeLines | undefined {
  const [lines, setLines] = useState<{ readonly code: string; readonly lines: CodeLines }>()
  useEffect(() => {
    if (language === undefined) return
    let gone = false
    void highlight(code, language).then((found) => {
      // Colours are no news: what the person does, and what arrives, goes first.
      if (!gone && found !== undefined) startTransition(() => setLines({ code, lines: found }))
    })
    return () => {
      gone = true
    }
  }, [code, language])
  return lines?.code === code ? lines.lines : undefined
}
