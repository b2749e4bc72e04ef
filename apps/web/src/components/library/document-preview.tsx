'use client'

import { useInfiniteQuery } from '@tanstack/react-query'
import { useApi } from '@/api/request'
import { useLibraryStrings } from '@/text/library-strings'
import { useStrings } from '@/text/use-strings'
import { SidePanel } from '../panel/side-panel'
import { Alert } from '../ui/alert'
import { Button } from '../ui/button'
import { Skeleton } from '../ui/skeleton'
import { byteSize } from './byte-size'
import type { LibraryDocument, LibraryPassage } from './library-document'

const PAGE = 50

interface PassagePage {
  readonly passages: readonly LibraryPassage[]
  readonly total: number
}

/** What a document contributed: its passages as they are found and quoted. */
export function DocumentPreview({ document, onClose }: { document: LibraryDocument; onClose: () => void }) {
  const strings = useStrings()
  const text = useLibraryStrings()
  const api = useApi()
  const { id, title, bytes, passages: count, pages } = document
  const { data, error, isPending, hasNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ['library-passages', id],
    initialPageParam: 0,
    queryFn: async ({ pageParam, signal }) => {
      const path = `/api/library/documents/${encodeURIComponent(id)}/passages`
      return (await api(`${path}?after=${String(pageParam)}&limit=${String(PAGE)}`, {
        signal,
      })) as PassagePage
    },
    getNextPageParam: (last, all) => {
      const held = all.reduce((sum, page) => sum + page.passages.length, 0)
      return held < last.total && last.passages.length > 0 ? held : undefined
    },
  })
  const passages = data?.pages.flatMap((page) => page.passages) ?? []
  return (
    <SidePanel
      title={title}
      subtitle={`${byteSize(bytes, strings.locale)} · ${text.facts(count, pages)}`}
      testId="preview"
      onClose={onClose}
    >
      <div className="min-h-0 flex-1 overflow-y-auto p-4" tabIndex={0}>
        <h3 className="section-title">{text.previewOf}</h3>
        {isPending && <Skeleton label={strings.passageLoading} lines={8} />}
        {error !== null && (
          <Alert
            tone="warn"
            action={
              <Button small onClick={() => void refetch()}>
                {strings.retry}
              </Button>
            }
          >
            {text.previewFailed}
          </Alert>
        )}
        {data !== undefined && passages.length === 0 && (
          <p className="text-sm text-faint">{text.noPassages}</p>
        )}
        <ol className="space-y-3">
          {passages.map(({ start, text: quoted, heading, page }, index) => (
            <li key={start} className="rounded-xl border border-line bg-raised p-3">
              <p className="mb-1 flex justify-between gap-3 text-xs text-faint">
                <span className="truncate" dir="auto">
                  {heading === undefined || heading === '' ? text.passage(index + 1) : heading}
                </span>
                {page !== undefined && <span className="whitespace-nowrap">{text.page(page)}</span>}
              </p>
              <p
                className="line-clamp-8 text-[0.8125rem] leading-relaxed whitespace-pre-wrap text-soft [overflow-wrap:anywhere]"
                dir="auto"
              >
                {quoted}
              </p>
            </li>
          ))}
        </ol>
        {hasNextPage && (
          <Button variant="ghost" small className="mt-3 w-full" onClick={() => void fetchNextPage()}>
            {text.morePassages}
          </Button>
        )}
      </div>
    </SidePanel>
  )
}
