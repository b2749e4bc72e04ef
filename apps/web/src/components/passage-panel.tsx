'use client'

import { Dialog } from '@base-ui/react/dialog'
import { useQuery } from '@tanstack/react-query'
import type { Citation } from '@throughline/protocol'
import { X } from 'lucide-react'
import { strings } from '@/text/strings'

interface Passage {
  readonly title: string
  readonly source: string
  readonly text: string
  /** What stands around the passage in the document. */
  readonly before: string
  readonly after: string
}

async function fetchPassage({ documentId, start, end }: Citation, signal: AbortSignal): Promise<Passage> {
  const path = `/api/library/documents/${encodeURIComponent(documentId)}?start=${String(start)}&end=${String(end)}`
  const response = await fetch(path, { headers: { 'x-throughline': '1' }, signal })
  if (!response.ok) throw new Error(`passage: ${String(response.status)}`)
  return (await response.json()) as Passage
}

/** The passage is what was asked for: the text around it may be scrolled away. */
function intoView(mark: HTMLElement | null): void {
  mark?.scrollIntoView({ block: 'center' })
}

/** The passage that a citation quotes, marked in the text around it. */
export function PassagePanel({ citation, onClose }: { citation: Citation | undefined; onClose: () => void }) {
  return (
    <Dialog.Root
      open={citation !== undefined}
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/30 transition-opacity data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Dialog.Popup
          data-testid="passage"
          className="fixed inset-x-0 bottom-0 z-50 flex max-h-[80dvh] flex-col rounded-t-2xl border border-line bg-raised shadow-xl transition-transform outline-none md:inset-y-0 md:start-auto md:end-0 md:max-h-none md:w-[27rem] md:rounded-none md:rounded-s-2xl"
        >
          {citation !== undefined && <PassageBody citation={citation} />}
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function PassageBody({ citation }: { citation: Citation }) {
  const { data, error } = useQuery({
    queryKey: ['passage', citation.documentId, citation.start, citation.end],
    queryFn: ({ signal }) => fetchPassage(citation, signal),
    staleTime: Infinity,
    retry: 1,
  })
  return (
    <>
      <header className="flex items-start gap-3 border-b border-line p-4">
        <div className="min-w-0 flex-1">
          <Dialog.Title className="font-semibold">{citation.title}</Dialog.Title>
          <Dialog.Description className="mt-0.5 truncate font-mono text-xs text-faint">
            {data?.source ?? strings.source(citation.n)}
          </Dialog.Description>
        </div>
        <Dialog.Close
          aria-label={strings.close}
          className="rounded-md p-1 text-faint hover:bg-surface hover:text-ink"
        >
          <X className="size-4.5" />
        </Dialog.Close>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto p-4 text-sm leading-relaxed" dir="auto">
        {error !== null && <p className="text-soft">{strings.passageMissing}</p>}
        {error === null && data === undefined && <p className="text-faint">{strings.passageLoading}</p>}
        {data !== undefined && (
          <div className="[overflow-wrap:anywhere] whitespace-pre-wrap text-soft">
            {data.before}
            <mark ref={intoView} className="rounded bg-accent-soft text-ink [box-decoration-break:clone]">
              {data.text}
            </mark>
            {data.after}
          </div>
        )}
      </div>
    </>
  )
}
