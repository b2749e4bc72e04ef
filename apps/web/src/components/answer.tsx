'use client'

import type { Citation, Message as MessageState, Run } from '@throughline/protocol'
import { RotateCcw } from 'lucide-react'
import { memo, useCallback } from 'react'
import { StreamingMarkdown } from '@/markdown/streaming-markdown'
import { useStrings } from '@/text/use-strings'
import { CitationsProvider } from './citations'
import { Branches } from './conversation/branches'
import { CitedSources } from './conversation/cited-sources'
import type { ConversationCommands } from './conversation/commands'
import type { ShowPanel } from './conversation/panel-view'
import { ResearchProgress } from './research-progress'
import { Alert } from './ui/alert'
import { Button } from './ui/button'
import { CopyButton } from './ui/copy-button'
import { Message } from './ui/message'

export interface AnswerProps {
  /** Without one the team has written nothing yet, or ended before it did. */
  readonly message: MessageState | undefined
  readonly run: Run | undefined
  readonly siblings: readonly string[]
  /** The team is at its question once more: it is not asked twice. */
  readonly renewing: boolean
  readonly commands: ConversationCommands
  readonly show: ShowPanel
}

/** A team's turn: who worked on it, the answer's text, how it ended, where it comes from. */
export const Answer = memo(function Answer(props: AnswerProps) {
  const { message, run, commands, show } = props
  const strings = useStrings()
  return (
    <Message from="assistant" label={strings.team}>
      <div
        className="space-y-4"
        {...(message !== undefined && { 'data-testid': 'answer', 'data-status': message.status })}
      >
        {run !== undefined && <ResearchProgress run={run} commands={commands} show={show} />}
        {message !== undefined && <Written {...props} message={message} />}
        {message === undefined && run !== undefined && <EndWithoutAnswer run={run} commands={commands} />}
      </div>
    </Message>
  )
})

interface WrittenProps extends AnswerProps {
  readonly message: MessageState
}

function Written({ message, run, siblings, renewing, commands, show }: WrittenProps) {
  const strings = useStrings()
  const { citations: list } = message
  const open = useCallback(
    (citation: Citation) => {
      show({ kind: 'passage', citation, citations: list })
    },
    [list, show],
  )
  const ended = message.status !== 'streaming'
  return (
    <>
      <CitationsProvider list={list} open={open}>
        <StreamingMarkdown text={message.content} ended={ended} />
      </CitationsProvider>
      <AnswerEnd message={message} run={run} commands={commands} />
      {ended && <CitedSources citations={list} show={show} />}
      {ended && (
        <div className="-ms-2 flex items-center gap-0.5">
          <CopyButton text={message.content} label={strings.copy} />
          <Button
            variant="ghost"
            small
            disabled={renewing}
            onClick={() => {
              commands.regenerate(message.id)
            }}
          >
            <RotateCcw className="size-3.5" /> {strings.regenerate}
          </Button>
          <Branches messageId={message.id} siblings={siblings} onSelect={commands.selectBranch} />
        </div>
      )}
    </>
  )
}

/** How an answer ended when it was not by being finished, and the way on. */
function AnswerEnd({ message, run, commands }: Pick<WrittenProps, 'message' | 'run' | 'commands'>) {
  const strings = useStrings()
  const { status } = message
  if (status === 'streaming' || status === 'complete') return null
  return (
    <Alert
      tone={message.status === 'failed' ? 'bad' : 'warn'}
      action={
        run !== undefined && (
          <Button
            small
            onClick={() => {
              commands.continueRun(run.id)
            }}
          >
            {strings.continueRun}
          </Button>
        )
      }
    >
      {run?.failure == null ? strings[status] : strings.runFailure(run.failure)}
    </Alert>
  )
}

function EndWithoutAnswer({ run, commands }: { run: Run; commands: ConversationCommands }) {
  const strings = useStrings()
  if (run.endedAt === null) return null
  return (
    <Alert
      tone={run.status === 'failed' ? 'bad' : 'warn'}
      action={
        <Button
          small
          onClick={() => {
            commands.continueRun(run.id)
          }}
        >
          {strings.retry}
        </Button>
      }
    >
      {run.failure === null ? strings.endedWithoutAnswer : strings.runFailure(run.failure)}
    </Alert>
  )
}
