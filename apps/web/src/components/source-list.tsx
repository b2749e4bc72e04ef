import type { Citation } from '@throughline/protocol'
import { strings } from '@/text/strings'

interface Source {
  readonly title: string
  readonly citations: readonly Citation[]
}

/** The documents an answer rests on, each once, with the numbers that cite it. */
export function SourceList({
  citations,
  onOpen,
}: {
  citations: readonly Citation[]
  onOpen: (citation: Citation) => void
}) {
  if (citations.length === 0) return null
  return (
    <section aria-label={strings.sources}>
      <h3 className="mb-1.5 text-xs font-semibold tracking-wide text-faint uppercase">{strings.sources}</h3>
      <ul className="flex flex-wrap gap-1.5">
        {sourcesOf(citations).map(({ title, citations: cited }) => (
          <li
            key={cited[0]?.documentId ?? title}
            className="flex max-w-full items-center gap-1 rounded-lg border border-line bg-raised py-1 ps-2.5 pe-1.5 text-sm"
          >
            <span className="truncate">{title}</span>
            {cited.map((citation) => (
              <button
                key={citation.n}
                type="button"
                aria-label={`${strings.openSource}: ${strings.source(citation.n)}`}
                onClick={() => {
                  onOpen(citation)
                }}
                className="rounded-md px-1.5 text-xs font-semibold text-accent tabular-nums hover:bg-accent-soft"
              >
                {citation.n}
              </button>
            ))}
          </li>
        ))}
      </ul>
    </section>
  )
}

function sourcesOf(citations: readonly Citation[]): readonly Source[] {
  const documents = Map.groupBy(citations, (citation) => citation.documentId)
  return [...documents.values()].map((cited) => ({ title: cited[0]?.title ?? '', citations: cited }))
}
