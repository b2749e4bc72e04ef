'use client'

import { FileUp, X } from 'lucide-react'
import { useLibraryStrings } from '@/text/library-strings'
import { useStrings } from '@/text/use-strings'
import { Button } from '../ui/button'
import { Progress } from '../ui/progress'
import { byteSize } from './byte-size'
import type { Upload, Uploads } from './uploads'

/** Rows before the rest is only counted. */
const MAX_ROWS = 30

/** Files that have not arrived yet, and those that were refused. */
export function UploadList({ uploads, drop }: { uploads: readonly Upload[]; drop: Uploads['drop'] }) {
  const strings = useStrings()
  const text = useLibraryStrings()
  if (uploads.length === 0) return null
  return (
    <ul aria-label={text.uploading} className="space-y-2">
      {uploads.slice(0, MAX_ROWS).map(({ id, name, bytes, state, progress, error }) => (
        <li
          key={id}
          data-testid="upload"
          data-state={state}
          className="flex items-center gap-3 rounded-xl border border-dashed border-line p-3"
        >
          <FileUp aria-hidden className="size-4.5 shrink-0 text-faint" />
          <div className="min-w-0 flex-1">
            <p className="truncate text-sm">
              <bdi>{name}</bdi> <span className="text-faint">{byteSize(bytes, strings.locale)}</span>
            </p>
            {error !== null ? (
              <p role="alert" className="text-[0.8125rem] text-bad">
                {text.refused(error) ?? strings.refusal(error)}
              </p>
            ) : (
              <div className="mt-1.5">
                <Progress value={progress} label={text.progressOf(name)} />
              </div>
            )}
          </div>
          <Button
            variant="ghost"
            icon
            small
            aria-label={state === 'failed' ? text.dismiss(name) : text.cancelUpload(name)}
            onClick={() => {
              drop(id)
            }}
          >
            <X className="size-4" />
          </Button>
        </li>
      ))}
      {uploads.length > MAX_ROWS && (
        <li className="px-3 text-sm text-faint">+ {uploads.length - MAX_ROWS}</li>
      )}
    </ul>
  )
}
