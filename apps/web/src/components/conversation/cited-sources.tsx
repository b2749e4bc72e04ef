import type { Citation } from '@throughline/protocol'
import { BookOpen } from 'lucide-react'
import { useStrings } from '@/text/use-strings'
import type { ShowPanel } from './panel-view'
import { sourcesOf } from './sources'

/** Documents named under an answer before the rest is only counted. */
const NAMED = 3

/** The documents an answer rests on, each once; a click lists the passages. */
export function CitedSources({ citations, show }: { citations: readonly Citation[]; show: ShowPanel }) {
  const strings = useStrings()
  if (citations.length === 0) return null
  const sources = sourcesOf(citations)
  return (
    <section aria-label={strings.sources}>
      <ul className="flex flex-wrap gap-1.5">
        {sources.slice(0, NAMED).map(({ documentId, title, citations: cited }) => (
          <li key={documentId} className="max-w-full">
            <button
              type="button"
              onClick={() => {
                const [first] = cited
                if (first !== undefined) show({ kind: 'passage', citation: first, citations })
              }}
              className="flex max-w-full items-center gap-1.5 rounded-full border border-line bg-raised py-1 ps-2.5 pe-3 text-[0.8125rem] text-soft hover:border-accent hover:text-ink"
            >
              <BookOpen aria-hidden className="size-3.5 shrink-0 text-faint" />
              <span className="truncate" dir="auto">
                {title}
              </span>
              <span className="text-xs text-faint tabular-nums">{cited.map(({ n }) => n).join(', ')}</span>
            </button>
          </li>
        ))}
        <li>
          <button
            type="button"
            onClick={() => {
              show({ kind: 'sources', citations })
            }}
            className="rounded-full px-2.5 py-1 text-[0.8125rem] font-medium text-accent hover:bg-accent-soft"
          >
            {strings.allSourcesOf(sources.length)}
          </button>
        </li>
      </ul>
    </section>
  )
}
