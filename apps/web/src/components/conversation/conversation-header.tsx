'use client'

import type { Conversation } from '@throughline/react'
import { Activity, UsersRound } from 'lucide-react'
import { useStrings } from '@/text/use-strings'
import { ShareButton } from '../share/share-button'
import { ScreenHeader } from '../shell/screen-header'
import { Button } from '../ui/button'
import { ExportMenu } from './export-menu'
import type { PanelView, ShowPanel } from './panel-view'

export interface ConversationHeaderProps {
  readonly sessionId: string
  readonly conversation: Conversation
  readonly panel: PanelView | undefined
  readonly show: ShowPanel
}

/** The bar over a conversation: its title, its team, what happens on its line, and the way out as a file. */
export function ConversationHeader({ sessionId, conversation, panel, show }: ConversationHeaderProps) {
  const strings = useStrings()
  const { messages, runs } = conversation
  const title = conversation.title === '' ? strings.untitled : conversation.title
  const run = runs.at(-1)
  const toggle = (view: PanelView) => {
    show(panel?.kind === view.kind ? undefined : view)
  }
  return (
    <ScreenHeader
      title={
        <h1 className="truncate text-sm font-semibold" dir="auto">
          {title}
        </h1>
      }
    >
      {run !== undefined && (
        <Button
          variant="ghost"
          icon
          aria-label={strings.openTeam}
          title={strings.openTeam}
          aria-pressed={panel?.kind === 'team'}
          onClick={() => {
            toggle({ kind: 'team', runId: run.id })
          }}
        >
          <UsersRound className="size-4.5" />
        </Button>
      )}
      <Button
        variant="ghost"
        icon
        aria-label={strings.inspector.open}
        title={strings.inspector.open}
        aria-pressed={panel?.kind === 'inspector'}
        onClick={() => {
          toggle({ kind: 'inspector' })
        }}
      >
        <Activity className="size-4.5" />
      </Button>
      {messages.length > 0 && <ShareButton sessionId={sessionId} />}
      {messages.length > 0 && <ExportMenu title={title} messages={messages} />}
    </ScreenHeader>
  )
}
