'use client'

import { BookMarked, CloudOff, FilePlus2, Search } from 'lucide-react'
import { useDeferredValue, useEffect, useState, useSyncExternalStore, type ReactElement } from 'react'
import { useLibraryStrings } from '@/text/library-strings'
import { useStrings } from '@/text/use-strings'
import { ScreenHeader } from '../shell/screen-header'
import { Alert } from '../ui/alert'
import { Button } from '../ui/button'
import { Card } from '../ui/card'
import { Skeleton } from '../ui/skeleton'
import { useToast } from '../ui/toast'
import { AddButtons } from './add-buttons'
import { ConfirmRemove } from './confirm-remove'
import { DocumentPreview } from './document-preview'
import { DocumentRow } from './document-row'
import { DropZone } from './drop-zone'
import type { LibraryDocument } from './library-document'
import { UploadList } from './upload-list'
import { useLibrary } from './use-library'
import { useUploads } from './use-uploads'

/** What the team can read: the bundled documentation, and what a person adds. */
export function LibraryScreen() {
  const strings = useStrings()
  const text = useLibraryStrings()
  const [search, setSearch] = useState('')
  const found = useDeferredValue(search.trim())
  const library = useLibrary(found)
  const { uploads, add, drop } = useUploads()
  const [opened, setOpened] = useState<LibraryDocument>()
  const [leaving, setLeaving] = useState<LibraryDocument>()
  const online = useOnline()
  const toasts = useToast()
  useEffect(() => {
    document.title = `${strings.library.title} · ${strings.appName}`
  }, [strings])
  const report = () => {
    toasts.add({ title: strings.actionFailed, priority: 'high' })
  }
  const remove = ({ id, title }: LibraryDocument) => {
    setLeaving(undefined)
    if (opened?.id === id) setOpened(undefined)
    library.remove(id).then(() => {
      toasts.add({ title: text.removed(title) })
    }, report)
  }
  return (
    <div className="flex min-h-0 flex-1">
      <DropZone label={text.dropHere} onFiles={online ? add : undefined}>
        <main className="flex min-h-0 min-w-0 flex-1 flex-col">
          <ScreenHeader title={<h1 className="truncate text-sm font-semibold">{strings.library.title}</h1>}>
            <AddButtons onFiles={add} disabled={!online} />
          </ScreenHeader>
          <div className="min-h-0 flex-1 overflow-y-auto">
            <div className="mx-auto w-full max-w-3xl space-y-5 p-4 md:p-6">
              <p className="text-sm text-pretty text-soft">{text.intro}</p>
              {!online && (
                <Alert tone="warn" icon={<CloudOff aria-hidden className="size-4" />}>
                  {text.offline}
                </Alert>
              )}
              {library.bundled !== undefined && <Bundled {...library.bundled} />}
              <section aria-label={text.yours} className="space-y-3">
                <div className="flex flex-wrap items-center justify-between gap-2">
                  <h2 className="text-sm font-semibold">
                    {text.yours}{' '}
                    {library.total > 0 && <span className="font-normal text-faint">{library.total}</span>}
                  </h2>
                  {(library.total > 0 || found !== '' || search !== '') && (
                    <SearchField value={search} onChange={setSearch} />
                  )}
                </div>
                <UploadList uploads={uploads} drop={drop} />
                <Documents library={library} found={found} empty={uploads.length === 0}>
                  {library.documents.map((document) => (
                    <DocumentRow
                      key={document.id}
                      document={document}
                      selected={document.id === opened?.id}
                      online={online}
                      onOpen={() => {
                        setOpened(document.id === opened?.id ? undefined : document)
                      }}
                      onCancel={() => {
                        library.cancel(document.id).catch(report)
                      }}
                      onRemove={() => {
                        setLeaving(document)
                      }}
                    />
                  ))}
                </Documents>
              </section>
            </div>
          </div>
        </main>
      </DropZone>
      {opened !== undefined && (
        <DocumentPreview
          key={opened.id}
          document={opened}
          onClose={() => {
            setOpened(undefined)
          }}
        />
      )}
      {leaving !== undefined && (
        <ConfirmRemove
          title={leaving.title}
          onRemove={() => {
            remove(leaving)
          }}
          onClose={() => {
            setLeaving(undefined)
          }}
        />
      )}
    </div>
  )
}

interface DocumentsProps {
  readonly library: ReturnType<typeof useLibrary>
  readonly found: string
  /** Nothing is on its way, either. */
  readonly empty: boolean
  readonly children: readonly ReactElement[]
}

function Documents({ library, found, empty, children }: DocumentsProps) {
  const strings = useStrings()
  const text = useLibraryStrings()
  if (library.isPending) return <Skeleton label={text.loading} lines={6} />
  if (library.error !== null && children.length === 0) {
    return (
      <Alert
        tone="warn"
        action={
          <Button small onClick={library.refetch}>
            {strings.retry}
          </Button>
        }
      >
        {text.failed}
      </Alert>
    )
  }
  if (children.length === 0 && found !== '') return <p className="py-4 text-sm text-faint">{text.noMatch}</p>
  if (children.length === 0) return empty ? <Empty /> : null
  return (
    <>
      <ul className="space-y-2">{children}</ul>
      {library.hasMore && (
        <Button variant="ghost" small className="w-full" onClick={library.loadMore}>
          {text.showMore}
        </Button>
      )}
    </>
  )
}

function Empty() {
  const text = useLibraryStrings()
  return (
    <div className="rounded-2xl border border-dashed border-line px-6 py-12 text-center">
      <FilePlus2 aria-hidden className="mx-auto size-8 text-faint" />
      <p className="mt-3 font-medium">{text.empty}</p>
      <p className="mx-auto mt-1 max-w-sm text-sm text-pretty text-soft">{text.emptyText}</p>
      <p className="mt-3 text-[0.8125rem] text-faint">
        {text.kinds}, {text.dropHint}
      </p>
    </div>
  )
}

function Bundled({ title, documents, passages }: { title: string; documents: number; passages: number }) {
  const text = useLibraryStrings()
  return (
    <Card className="flex items-center gap-3 p-3.5" aria-label={title}>
      <span
        aria-hidden
        className="grid size-9 shrink-0 place-items-center rounded-lg bg-accent-soft text-accent"
      >
        <BookMarked className="size-4.5" />
      </span>
      <div className="min-w-0">
        <h2 className="text-sm font-medium">{title}</h2>
        <p className="text-[0.8125rem] text-pretty text-faint">{text.bundledNote(documents, passages)}</p>
      </div>
    </Card>
  )
}

function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const text = useLibraryStrings()
  return (
    <label className="flex items-center gap-2 rounded-lg border border-line bg-raised px-2.5 focus-within:border-accent">
      <Search aria-hidden className="size-4 text-faint" />
      <span className="sr-only">{text.search}</span>
      <input
        type="search"
        value={value}
        placeholder={text.search}
        onChange={(event) => {
          onChange(event.target.value)
        }}
        className="h-8 w-52 min-w-0 bg-transparent text-sm outline-none placeholder:text-faint"
      />
    </label>
  )
}

function useOnline(): boolean {
  return useSyncExternalStore(
    (listener) => {
      addEventListener('online', listener)
      addEventListener('offline', listener)
      return () => {
        removeEventListener('online', listener)
        removeEventListener('offline', listener)
      }
    },
    () => navigator.onLine,
    () => true,
  )
}
