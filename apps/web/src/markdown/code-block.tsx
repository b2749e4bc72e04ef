'use client'

import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { strings } from '@/text/strings'

/** A fenced block with its language and a copy button. */
export function CodeBlock({ code, language }: { code: string; language: string }) {
  const [copied, setCopied] = useState(false)
  const [name = ''] = language.split(/\s/, 1)
  const copy = () => {
    navigator.clipboard.writeText(code).then(
      () => {
        setCopied(true)
      },
      () => {
        setCopied(false)
      },
    )
  }
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-surface">
      <div className="flex items-center justify-between border-b border-line py-1 ps-3 pe-1.5 text-xs text-faint">
        <span className="font-mono">{name}</span>
        <button
          type="button"
          onClick={copy}
          onBlur={() => {
            setCopied(false)
          }}
          className="inline-flex items-center gap-1 rounded px-1.5 py-1 hover:bg-raised hover:text-ink"
        >
          {copied ? <Check className="size-3.5" /> : <Copy className="size-3.5" />}
          {copied ? strings.copied : strings.copy}
        </button>
      </div>
      <pre dir="ltr" tabIndex={0} className="overflow-x-auto p-3 text-[0.8125rem] leading-relaxed">
        <code className="font-mono">{code}</code>
      </pre>
    </div>
  )
}
