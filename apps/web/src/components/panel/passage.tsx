'use client'

import { useQuery } from '@tanstack/react-query'
import { StreamError, type Citation } from '@throughline/protocol'
import { useApi } from '@/api/request'
import { useStrings } from '@/text/use-strings'
import { Alert } from '../ui/alert'
import { Button } from '../ui/button'
import { Skeleton } from '../ui/skeleton'

interface PassageText {
  readonly source: string
  readonly text: string
  /** What stands around the passage in the document. */
  readonly before: string
  readonly after: string
}

/** The passage is what was asked for: the text around it may be scrolled away. */
function intoView(mark: HTMLElement | null): void {
  mark?.scrollIntoView({ block: 'center' })
}

/** The passage that a citation quotes, marked in the text around it. */
export function Passage({ citation }: { citation: Citation }) {
  const strings = useStrings()
  const api = useApi()
  const { documentId, start, end } = citation
  const { data, error, refetch } = useQuery({
    queryKey: ['passage', documentId, start, end],
    queryFn: ({ signal }) =>
      api(
        `/api/library/documents/${encodeURIComponent(documentId)}?start=${String(start)}&end=${String(end)}`,
        {
          signal,
        },
      ) as Promise<PassageText>,
    staleTime: Infinity,
    retry: (failures, cause) => failures < 2 && cause instanceof StreamError && cause.retryable,
  })
  if (error !== null) {
    const missing = error instanceof StreamError && error.code === 'not_found'
    return (
      <div className="space-y-3 p-4">
        <Alert
          tone="warn"
          action={
            !missing && (
              <Button small onClick={() => void refetch()}>
                {strings.retry}
              </Button>
            )
          }
        >
          {missing ? strings.passageMissing : strings.passageFailed}
        </Alert>
        <blockquote className="border-s-2 border-line ps-3 text-sm text-soft" dir="auto">
          {citation.quote}
        </blockquote>
      </div>
    )
  }
  if (data === undefined) return <Skeleton label={strings.passageLoading} lines={9} className="p-4" />
  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-4 text-sm leading-relaxed" tabIndex={0} dir="auto">
      <p className="mb-3 font-mono text-xs break-all text-faint" dir="ltr">
        {data.source}
      </p>
      <div className="[overflow-wrap:anywhere] whitespace-pre-wrap text-soft">
        {data.before}
        <mark ref={intoView} className="rounded bg-mark px-0.5 text-ink [box-decoration-break:clone]">
          {data.text}
        </mark>
        {data.after}
      </div>
    </div>
  )
}
