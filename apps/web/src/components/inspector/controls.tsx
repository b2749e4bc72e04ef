'use client'

import { Download, FolderOpen, Pause, Play, X } from 'lucide-react'
import { regional } from '@/text/language'
import { useInspectorStrings } from '@/text/inspector-strings'
import { useStrings } from '@/text/use-strings'
import { download } from '../download'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import type { Feed } from './use-feed'
import { useLoadCapture } from './use-load-capture'

export interface ControlsProps {
  readonly feed: Feed
  readonly onReset: () => void
  /** There is no line behind it. */
  readonly standalone: boolean
}

/** Holds the feed still, takes it away as a file, and shows one that was taken. */
export function Controls({ feed, onReset, standalone }: ControlsProps) {
  const strings = useStrings()
  const text = useInspectorStrings()
  const { mode, capture } = feed
  const { picker, input } = useLoadCapture(feed, onReset)
  const taken = new Date(capture?.takenAt ?? 0)
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
          {standalone ? <X className="size-3.5" /> : <Play className="size-3.5" />}{' '}
          {mode === 'paused' ? text.resume : standalone ? strings.close : text.backToLive}
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
        onClick={picker}
      >
        <FolderOpen className="size-4" />
      </Button>
      {input}
    </div>
  )
}
