'use client'

import { Download, FolderOpen, Pause, Play } from 'lucide-react'
import { useRef } from 'react'
import { regional } from '@/text/language'
import { useStrings } from '@/text/use-strings'
import { download } from '../download'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { useToast } from '../ui/toast'
import type { Feed } from './use-feed'

/** Holds the feed still, takes it away as a file, and shows one that was taken. */
export function Controls({ feed, onReset }: { feed: Feed; onReset: () => void }) {
  const strings = useStrings()
  const text = strings.inspector
  const file = useRef<HTMLInputElement>(null)
  const toasts = useToast()
  const { mode, capture } = feed
  const taken = new Date(capture?.takenAt ?? 0)
  const load = async (chosen: File | undefined) => {
    if (chosen === undefined) return
    try {
      feed.load(await chosen.text())
      onReset()
    } catch {
      toasts.add({ title: text.notACapture, priority: 'high' })
    }
  }
  return (
    <div className="flex flex-wrap items-center gap-1 border-b border-line px-3 py-2">
      <Badge tone={mode === 'live' ? 'good' : 'warn'}>
        {
          {
            live: text.live,
            paused: text.paused,
            recorded: text.recorded(taken.toLocaleString(regional(strings.locale))),
          }[mode]
        }
      </Badge>
      <span className="flex-1" />
      {mode === 'live' ? (
        <Button variant="ghost" small onClick={feed.pause}>
          <Pause className="size-3.5" /> {text.pause}
        </Button>
      ) : (
        <Button
          variant="ghost"
          small
          onClick={() => {
            onReset()
            feed.resume()
          }}
        >
          <Play className="size-3.5" /> {mode === 'paused' ? text.resume : text.backToLive}
        </Button>
      )}
      <Button
        variant="ghost"
        icon
        small
        aria-label={text.exportCapture}
        title={text.exportCapture}
        onClick={() => {
          download(`capture-${String(Date.now())}.json`, 'application/json', feed.save())
        }}
      >
        <Download className="size-4" />
      </Button>
      <Button
        variant="ghost"
        icon
        small
        aria-label={text.loadCapture}
        title={text.loadCapture}
        onClick={() => {
          file.current?.click()
        }}
      >
        <FolderOpen className="size-4" />
      </Button>
      <input
        ref={file}
        type="file"
        hidden
        accept="application/json,.json"
        aria-label={text.loadCapture}
        onChange={(event) => {
          const [chosen] = event.target.files ?? []
          void load(chosen)
          event.target.value = ''
        }}
      />
    </div>
  )
}
