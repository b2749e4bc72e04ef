import { useId, type ReactNode } from 'react'
import { ScreenHeader } from '../shell/screen-header'
import { Card } from './card'

/** A screen of sections beside the conversations. */
export function SectionScreen({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <ScreenHeader title={<h1 className="truncate text-sm font-semibold">{title}</h1>} />
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto w-full max-w-2xl space-y-4 p-4 pb-10 md:p-6">{children}</div>
      </div>
    </main>
  )
}

export interface SectionProps {
  readonly title: string
  readonly text?: string
  readonly children: ReactNode
}

/** One matter of such a screen. */
export function Section({ title, text, children }: SectionProps) {
  const id = useId()
  return (
    <Card aria-labelledby={id} className="p-5">
      <h2 id={id} className="font-semibold">
        {title}
      </h2>
      {text !== undefined && <p className="mt-1 text-sm leading-relaxed text-pretty text-soft">{text}</p>}
      <div className="mt-4">{children}</div>
    </Card>
  )
}
