'use client'

import type { Citation } from '@throughline/protocol'
import { useConnection, useConversation, useSession } from '@throughline/react'
import { useCallback, useEffect, useState } from 'react'
import { strings } from '@/text/strings'
import { ConnectionStatus } from './connection-status'
import { useDraft } from './draft'
import { NotFound } from './not-found'
import { PassagePanel } from './passage-panel'
import { StatusLine } from './status-line'
import { Transcript } from './transcript'
import { ChatContainer } from './ui/chat-container'
import { PromptInput } from './ui/prompt-input'
import { ScrollButton } from './ui/scroll-button'
import { useToast } from './ui/toast'

/** One conversation, live. */
export function ConversationScreen({ sessionId }: { sessionId: string }) {
  const conversation = useConversation(sessionId)
  const connection = useConnection(sessionId)
  const { setCurrentSession } = useSession()
  const [draft, setDraft] = useDraft(sessionId)
  const [passage, setPassage] = useState<Citation>()
  const toasts = useToast()
  const { sendMessage, stop, status, closed, loaded, title } = conversation

  useEffect(() => {
    setCurrentSession(sessionId)
    return () => {
      setCurrentSession(null)
    }
  }, [sessionId, setCurrentSession])
  useEffect(() => {
    document.title = title === '' ? strings.appName : `${title} · ${strings.appName}`
  }, [title])

  const report = useCallback(() => {
    toasts.add({ title: strings.actionFailed })
  }, [toasts])

  const refused = connection.status === 'failed' && connection.code === 'not_found'
  if (closed !== null || refused) return <NotFound />
  const busy = status === 'submitted' || status === 'streaming'
  const submit = () => {
    // A refusal stays with the message, which offers to send it again.
    sendMessage(draft.trim()).catch(() => undefined)
    setDraft('')
  }
  return (
    <main className="relative flex min-h-0 flex-1 flex-col">
      <h1 className="sr-only">{title === '' ? strings.untitled : title}</h1>
      <ConnectionStatus sessionId={sessionId} />
      <StatusLine sessionId={sessionId} />
      <ChatContainer label={strings.transcript} overlay={<ScrollButton />}>
        {loaded ? (
          <Transcript conversation={conversation} onOpen={setPassage} onFailure={report} />
        ) : (
          <TranscriptSkeleton />
        )}
      </ChatContainer>
      <div className="mx-auto w-full max-w-3xl p-3 pt-1 pb-[max(0.75rem,env(safe-area-inset-bottom))] md:px-6 md:pb-5">
        <PromptInput
          autoFocus
          value={draft}
          onChange={setDraft}
          onSubmit={submit}
          onStop={
            busy
              ? () => {
                  stop().catch(report)
                }
              : undefined
          }
        />
        {busy && draft.trim() !== '' && (
          <p className="mt-1.5 px-2 text-xs text-faint">{strings.queuedHint}</p>
        )}
      </div>
      <PassagePanel
        citation={passage}
        onClose={() => {
          setPassage(undefined)
        }}
      />
    </main>
  )
}

function TranscriptSkeleton() {
  return (
    <div aria-busy aria-label={strings.loading} className="mx-auto w-full max-w-3xl space-y-6 p-4 md:p-6">
      <div className="ms-auto h-10 w-2/3 animate-pulse rounded-2xl bg-surface" />
      <div className="space-y-2.5">
        {['w-full', 'w-11/12', 'w-4/5', 'w-2/3'].map((width) => (
          <div key={width} className={`h-4 animate-pulse rounded bg-surface ${width}`} />
        ))}
      </div>
    </div>
  )
}
