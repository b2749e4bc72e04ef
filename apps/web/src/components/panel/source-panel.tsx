'use client'

import type { Citation } from '@throughline/protocol'
import { ChevronLeft, ChevronRight, List } from 'lucide-react'
import { useStrings } from '@/text/use-strings'
import type { ShowPanel } from '../conversation/panel-view'
import { sourcesOf } from '../conversation/sources'
import { Button } from '../ui/button'
import { Passage } from './passage'
import { SidePanel } from './side-panel'

export interface SourcePanelProps {
  readonly citations: readonly Citation[]
  /** The one that is open; without it all are listed. */
  readonly citation: Citation | undefined
  readonly show: ShowPanel
}

/** What an answer rests on: every passage, or one of them in its document. */
export function SourcePanel({ citations, citation, show }: SourcePanelProps) {
  const strings = useStrings()
  const close = () => {
    show(undefined)
  }
  const open = (chosen: Citation) => {
    show({ kind: 'passage', citation: chosen, citations })
  }
  if (citation === undefined) {
    return (
      <SidePanel title={strings.sources} testId="sources" onClose={close}>
        <SourceList citations={citations} onOpen={open} />
      </SidePanel>
    )
  }
  return (
    <SidePanel
      title={citation.title}
      subtitle={strings.sourceOf(citation.n, citations.length)}
      testId="passage"
      onClose={close}
      actions={<PassageSteps citations={citations} citation={citation} show={show} />}
    >
      <Passage key={citation.n} citation={citation} />
    </SidePanel>
  )
}

interface PassageStepsProps {
  readonly citations: readonly Citation[]
  readonly citation: Citation
  readonly show: ShowPanel
}

function PassageSteps({ citations, citation, show }: PassageStepsProps) {
  const strings = useStrings()
  const at = citations.findIndex(({ n }) => n === citation.n)
  const step = (by: number, label: string, Icon: typeof ChevronLeft) => {
    const target = citations[at + by]
    return (
      <Button
        variant="ghost"
        icon
        small
        aria-label={label}
        title={label}
        disabled={target === undefined}
        onClick={() => {
          if (target !== undefined) show({ kind: 'passage', citation: target, citations })
        }}
      >
        <Icon className="size-4 rtl:-scale-x-100" />
      </Button>
    )
  }
  return (
    <>
      {step(-1, strings.previousSource, ChevronLeft)}
      {step(1, strings.nextSource, ChevronRight)}
      <Button
        variant="ghost"
        icon
        small
        aria-label={strings.allSources}
        title={strings.allSources}
        onClick={() => {
          show({ kind: 'sources', citations })
        }}
      >
        <List className="size-4 rtl:-scale-x-100" />
      </Button>
    </>
  )
}

interface SourceListProps {
  readonly citations: readonly Citation[]
  readonly onOpen: (citation: Citation) => void
}

function SourceList({ citations, onOpen }: SourceListProps) {
  return (
    <ul className="min-h-0 flex-1 space-y-5 overflow-y-auto p-4">
      {sourcesOf(citations).map(({ documentId, title, citations: cited }) => (
        <li key={documentId}>
          <h3 className="text-sm font-medium" dir="auto">
            {title}
          </h3>
          <ul className="mt-1.5 space-y-1.5">
            {cited.map((citation) => (
              <li key={citation.n}>
                <button
                  type="button"
                  onClick={() => {
                    onOpen(citation)
                  }}
                  className="flex w-full gap-2.5 rounded-lg border border-line bg-raised p-2.5 text-start text-sm text-soft hover:border-accent hover:text-ink"
                >
                  <span className="grid size-5 shrink-0 place-items-center rounded-full bg-accent-soft text-[0.7rem] font-semibold text-accent tabular-nums">
                    {citation.n}
                  </span>
                  <span className="line-clamp-3" dir="auto">
                    {citation.quote}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  )
}
