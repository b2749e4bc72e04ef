'use client'

import { FileSearch, FolderOpen } from 'lucide-react'
import { useEffect } from 'react'
import { useInspectorStrings } from '@/text/inspector-strings'
import { useStrings } from '@/text/use-strings'
import { useAccount } from '../account'
import { DropZone } from '../library/drop-zone'
import { ScreenHeader } from '../shell/screen-header'
import { Button } from '../ui/button'
import { Inspector } from './inspector'
import { useFeed } from './use-feed'
import { useLoadCapture } from './use-load-capture'

/** A capture that somebody handed on: read, filtered and stepped through here, without its conversation or an account. */
export function InspectScreen() {
  const strings = useStrings()
  const text = useInspectorStrings()
  const { user } = useAccount()
  const feed = useFeed()
  const { load, picker, input } = useLoadCapture(feed)
  useEffect(() => {
    document.title = `${strings.inspector.title} · ${strings.appName}`
  }, [strings, text])
  return (
    <DropZone label={text.dropHere} onFiles={([file]) => void load(file)}>
      <main className="flex min-h-0 min-w-0 flex-1 flex-col">
        <ScreenHeader
          navigates={user !== null}
          title={<h1 className="truncate px-2 text-sm font-semibold">{strings.inspector.title}</h1>}
        />
        {feed.mode === 'recorded' ? (
          <Inspector key={feed.capture?.takenAt} feed={feed} sessionId={undefined} wide />
        ) : (
          <div className="grid min-h-0 flex-1 place-items-center overflow-y-auto p-5">
            <div className="w-full max-w-lg rounded-2xl border border-dashed border-line px-6 py-12 text-center">
              <FileSearch aria-hidden className="mx-auto size-8 text-faint" />
              <h2 className="mt-3 font-medium">{strings.inspector.fileTitle}</h2>
              <p className="mx-auto mt-1 max-w-sm text-sm leading-relaxed text-pretty text-soft">
                {text.fileText}
              </p>
              <Button variant="primary" className="mt-5" onClick={picker}>
                <FolderOpen className="size-4" /> {text.loadCapture}
              </Button>
              {input}
            </div>
          </div>
        )}
      </main>
    </DropZone>
  )
}
