'use client'

import { FileCode, FileText, FileType, Globe, Trash2, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { useLibraryStrings } from '@/text/library-strings'
import { useStrings } from '@/text/use-strings'
import { Badge, type BadgeTone } from '../ui/badge'
import { Button } from '../ui/button'
import { classNames } from '../ui/class-names'
import { Progress } from '../ui/progress'
import { byteSize } from './byte-size'
import { isUnderWay, type LibraryDocument } from './library-document'

const ICONS: Record<LibraryDocument['kind'], ReactNode> = {
  markdown: <FileCode className="size-4.5" />,
  text: <FileText className="size-4.5" />,
  html: <Globe className="size-4.5" />,
  pdf: <FileType className="size-4.5" />,
  docx: <FileText className="size-4.5" />,
}

const TONES: Record<LibraryDocument['status'], BadgeTone> = {
  queued: 'neutral',
  indexing: 'accent',
  ready: 'good',
  failed: 'bad',
  cancelled: 'neutral',
}

export interface DocumentRowProps {
  readonly document: LibraryDocument
  readonly selected: boolean
  /** Otherwise nothing can be changed. */
  readonly online: boolean
  readonly onOpen: () => void
  readonly onCancel: () => void
  readonly onRemove: () => void
}

/** One document of one's own: what it is, how far it is, what became of it. */
export function DocumentRow({ document, selected, online, onOpen, onCancel, onRemove }: DocumentRowProps) {
  const strings = useStrings()
  const text = useLibraryStrings()
  const { title, name, kind, bytes, pages, passages, status, progress, error } = document
  const openable = status === 'ready'
  return (
    <li
      data-testid="document"
      data-status={status}
      className={classNames(
        'relative flex items-center gap-3 rounded-xl border bg-raised p-3 transition-colors',
        selected ? 'border-accent' : 'border-line',
        openable && 'hover:border-accent',
      )}
    >
      <span aria-hidden className="grid size-9 shrink-0 place-items-center rounded-lg bg-surface text-faint">
        {ICONS[kind]}
      </span>
      <div className="min-w-0 flex-1">
        <h3 className="truncate text-sm font-medium" title={name}>
          {openable ? (
            <button
              type="button"
              aria-pressed={selected}
              onClick={onOpen}
              className="max-w-full truncate text-start align-bottom outline-none after:absolute after:inset-0 after:rounded-xl focus-visible:after:outline-2 focus-visible:after:outline-accent"
            >
              <bdi>{title}</bdi>
            </button>
          ) : (
            <bdi>{title}</bdi>
          )}
        </h3>
        {error === undefined ? (
          <p className="mt-0.5 truncate text-[0.8125rem] text-faint">
            {kind.toUpperCase()} · {byteSize(bytes, strings.locale)}
            {status === 'ready' && ` · ${text.facts(passages, pages)}`}
          </p>
        ) : (
          <p className="mt-0.5 text-[0.8125rem] text-bad">{text.fault(error)}</p>
        )}
        {isUnderWay(document) && (
          <div className="mt-2">
            <Progress value={progress} label={text.progressOf(title)} />
          </div>
        )}
      </div>
      {status !== 'ready' && (
        // Where it is narrow, the reason below the name says it.
        <span className={classNames('shrink-0', error !== undefined && 'max-sm:hidden')}>
          <Badge tone={TONES[status]}>{text.status[status]}</Badge>
        </span>
      )}
      <div className="relative z-10">
        {isUnderWay(document) ? (
          <Button
            variant="ghost"
            icon
            small
            aria-label={text.cancelUpload(title)}
            title={strings.cancel}
            disabled={!online}
            onClick={onCancel}
          >
            <X className="size-4" />
          </Button>
        ) : (
          <Button
            variant="ghost"
            icon
            small
            aria-label={text.remove(title)}
            title={text.removeNow}
            disabled={!online}
            onClick={onRemove}
          >
            <Trash2 className="size-4" />
          </Button>
        )}
      </div>
    </li>
  )
}
