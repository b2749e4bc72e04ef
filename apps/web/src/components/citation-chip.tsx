'use client'

import { PreviewCard } from '@base-ui/react/preview-card'
import { useStrings } from '@/text/use-strings'
import { useCitation } from './citations'

/** `[n]` in an answer: shows what it quotes on hover and focus, opens the passage on click. */
export function CitationChip({ n }: { n: number }) {
  const strings = useStrings()
  const [citation, open] = useCitation(n)
  if (citation === undefined) return <span>[{n}]</span>
  return (
    <PreviewCard.Root>
      <PreviewCard.Trigger
        render={
          <button
            type="button"
            data-chip
            data-testid="citation"
            aria-label={`${strings.source(n)}: ${citation.title}`}
            onClick={() => {
              open(citation)
            }}
            className="mx-0.5 inline-flex h-[1.15rem] min-w-[1.15rem] items-center justify-center rounded-full bg-accent-soft px-1 align-[0.12em] text-[0.68rem] font-semibold text-accent tabular-nums hover:bg-accent hover:text-accent-ink"
          />
        }
      >
        {n}
      </PreviewCard.Trigger>
      <PreviewCard.Portal>
        <PreviewCard.Positioner sideOffset={6} className="z-40">
          <PreviewCard.Popup className="w-[min(22rem,calc(100vw-2rem))] rounded-xl border border-line bg-raised p-3.5 text-sm shadow-lg">
            <p className="font-medium">{citation.title}</p>
            <p className="mt-1 line-clamp-6 text-soft" dir="auto">
              “{citation.quote}”
            </p>
          </PreviewCard.Popup>
        </PreviewCard.Positioner>
      </PreviewCard.Portal>
    </PreviewCard.Root>
  )
}
