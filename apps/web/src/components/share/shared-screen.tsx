'use client'

import { StreamProvider, useConnection, useConversation, type ConnectionInfo } from '@throughline/react'
import { Waypoints } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Citation } from '@throughline/protocol'
import { useShareStrings } from '@/text/share-strings'
import { useStrings } from '@/text/use-strings'
import { Alert } from '../ui/alert'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { ChatContainer } from '../ui/chat-container'
import { Modal } from '../ui/modal'
import { ScrollButton } from '../ui/scroll-button'
import { Skeleton } from '../ui/skeleton'
import { SharedTranscript } from './shared-transcript'
import { useOpenedShare } from './use-opened-share'

/** A conversation that somebody shared: live, and only to read. */
export function SharedScreen({ shareId }: { shareId: string }) {
  const strings = useShareStrings()
  const share = useOpenedShare(shareId)
  if (share.state === 'gone') return <Gone title={strings.sharedGoneTitle} text={strings.sharedGone} />
  if (share.state === 'unreachable')
    return <Gone title={strings.loadFailed} text={strings.unreachable} retry />
  if (share.state !== 'open') {
    return (
      <main className="mx-auto w-full max-w-3xl p-6">
        <Skeleton label={strings.sharedOpening} lines={5} />
      </main>
    )
  }
  return (
    <StreamProvider client={share.client}>
      <SharedConversation sessionId={share.sessionId} />
    </StreamProvider>
  )
}

function SharedConversation({ sessionId }: { sessionId: string }) {
  const common = useStrings()
  const strings = useShareStrings()
  const conversation = useConversation(sessionId)
  const connection = useConnection(sessionId)
  const [quoted, setQuoted] = useState<Citation>()
  const { title, loaded, closed, messages } = conversation
  const over = closed !== null || connection.status === 'failed' || connection.status === 'ended'
  const heading = title === '' ? common.untitled : title

  useEffect(() => {
    document.title = `${heading} · ${common.appName}`
  }, [heading, common])

  if (over && !loaded) return <Gone title={strings.sharedGoneTitle} text={strings.sharedGone} />
  return (
    <main className="flex h-full flex-col">
      <header className="flex min-h-13 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2">
        <Waypoints aria-hidden className="size-5 shrink-0 text-accent" />
        <h1 className="min-w-0 flex-1 truncate text-sm font-semibold" dir="auto">
          {heading}
        </h1>
        <Badge>{strings.sharedBadge}</Badge>
        <span role="status">{!over && <Live status={connection.status} />}</span>
      </header>
      {over && (
        <div className="mx-auto w-full max-w-3xl p-4 pb-0">
          <Alert tone="warn" urgent>
            {strings.sharedEnded}
          </Alert>
        </div>
      )}
      <ChatContainer label={common.transcript} overlay={<ScrollButton />}>
        {!loaded && (
          <div className="mx-auto w-full max-w-3xl p-6">
            <Skeleton label={strings.sharedOpening} lines={5} />
          </div>
        )}
        {loaded && messages.length === 0 && (
          <p className="mx-auto w-full max-w-3xl p-6 text-soft">{strings.sharedEmpty}</p>
        )}
        <SharedTranscript conversation={conversation} onQuote={setQuoted} />
      </ChatContainer>
      {quoted !== undefined && (
        <Modal
          title={quoted.title}
          onClose={() => {
            setQuoted(undefined)
          }}
        >
          <blockquote
            aria-label={strings.quoted}
            dir="auto"
            className="m-5 border-s-3 border-accent ps-4 text-sm leading-relaxed whitespace-pre-wrap text-soft"
          >
            {quoted.quote}
          </blockquote>
        </Modal>
      )}
    </main>
  )
}

function Live({ status }: { status: ConnectionInfo['status'] }) {
  const strings = useShareStrings()
  return status === 'open' ? (
    <Badge tone="good">{strings.sharedLive}</Badge>
  ) : (
    <Badge tone="warn">{strings.sharedWaiting}</Badge>
  )
}

function Gone({ title, text, retry = false }: { title: string; text: string; retry?: boolean }) {
  const common = useStrings()
  return (
    <main className="grid h-full place-items-center p-6">
      <div className="max-w-sm text-center">
        <Waypoints aria-hidden className="mx-auto size-8 text-accent" />
        <h1 className="mt-3 text-lg font-semibold">{title}</h1>
        <p className="mt-1.5 text-pretty text-soft">{text}</p>
        {retry && (
          <Button
            className="mt-4"
            onClick={() => {
              location.reload()
            }}
          >
            {common.retry}
          </Button>
        )}
      </div>
    </main>
  )
}
