'use client'

import { useConnection, useConversation, useSession } from '@throughline/react'
import { useEffect, useState } from 'react'
import { useStrings } from '@/text/use-strings'
import { ConnectionStatus } from './connection-status'
import { useCommands } from './conversation/commands'
import { Composer } from './conversation/composer'
import { ConversationHeader } from './conversation/conversation-header'
import { OutboxBar } from './conversation/outbox-bar'
import type { PanelView } from './conversation/panel-view'
import { toPrompt, useFocusKeeper } from './focus-keeper'
import { HOME_DRAFT, moveDraft, readDraft } from './draft'
import { NotFound } from './not-found'
import { ConversationPanel } from './panel/conversation-panel'
import { StatusLine } from './status-line'
import { Transcript } from './transcript'
import { ChatContainer } from './ui/chat-container'
import { ScrollButton } from './ui/scroll-button'
import { Skeleton } from './ui/skeleton'

/** One conversation, live. */
export function ConversationScreen({ sessionId }: { sessionId: string }) {
  const strings = useStrings()
  const conversation = useConversation(sessionId)
  const connection = useConnection(sessionId)
  const commands = useCommands(conversation)
  const { ref: keeperRef, onFocus } = useFocusKeeper(toPrompt)
  const { setCurrentSession } = useSession()
  const [panel, setPanel] = useState<PanelView>()
  const { closed, loaded, title } = conversation

  useEffect(() => {
    setCurrentSession(sessionId)
    return () => {
      setCurrentSession(null)
    }
  }, [sessionId, setCurrentSession])
  useEffect(() => {
    document.title = title === '' ? strings.appName : `${title} · ${strings.appName}`
  }, [title, strings])

  const refused = connection.status === 'failed' && connection.code === 'not_found'
  if (closed !== null || refused) return <Gone sessionId={sessionId} />
  return (
    <div ref={keeperRef} className="flex min-h-0 flex-1" onFocusCapture={onFocus}>
      <main className="relative flex min-h-0 min-w-0 flex-1 flex-col">
        <ConversationHeader sessionId={sessionId} conversation={conversation} panel={panel} show={setPanel} />
        <ConnectionStatus sessionId={sessionId} />
        <StatusLine sessionId={sessionId} conversation={conversation} />
        <ChatContainer
          label={strings.transcript}
          overlay={<ScrollButton />}
          footer={
            <>
              <OutboxBar sessionId={sessionId} />
              <Composer sessionId={sessionId} conversation={conversation} commands={commands} />
            </>
          }
        >
          {loaded ? (
            <Transcript conversation={conversation} commands={commands} show={setPanel} />
          ) : (
            <TranscriptSkeleton />
          )}
        </ChatContainer>
      </main>
      {panel !== undefined && (
        <ConversationPanel sessionId={sessionId} runs={conversation.runs} view={panel} show={setPanel} />
      )}
    </div>
  )
}

/** A conversation that was taken away, here or elsewhere. */
function Gone({ sessionId }: { sessionId: string }) {
  const [rescued] = useState(() => readDraft(sessionId) !== '')
  useEffect(() => {
    moveDraft(sessionId, HOME_DRAFT)
  }, [sessionId])
  return <NotFound rescued={rescued} />
}

function TranscriptSkeleton() {
  const strings = useStrings()
  return (
    <div className="mx-auto w-full max-w-3xl space-y-8 p-4 pt-6 md:p-6">
      <div aria-hidden className="ms-auto h-11 w-2/3 animate-pulse rounded-2xl bg-surface" />
      <Skeleton label={strings.loading} lines={5} />
    </div>
  )
}
