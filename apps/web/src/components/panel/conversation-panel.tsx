'use client'

import type { Run } from '@throughline/protocol'
import { lazy, Suspense } from 'react'
import type { PanelView, ShowPanel } from '../conversation/panel-view'
import { Skeleton } from '../ui/skeleton'
import { SidePanel } from './side-panel'
import { SourcePanel } from './source-panel'
import { useStrings } from '@/text/use-strings'

const TeamPanel = lazy(() =>
  import('./team-panel').then(({ TeamPanel: component }) => ({ default: component })),
)
const InspectorPanel = lazy(() =>
  import('../inspector/inspector-panel').then(({ InspectorPanel: component }) => ({ default: component })),
)

export interface ConversationPanelProps {
  readonly sessionId: string
  readonly runs: readonly Run[]
  readonly view: PanelView
  readonly show: ShowPanel
}

/** What stands beside a conversation: a source, the team, or the inspector. */
export function ConversationPanel({ sessionId, runs, view, show }: ConversationPanelProps) {
  const strings = useStrings()
  if (view.kind === 'passage') {
    return <SourcePanel citations={view.citations} citation={view.citation} show={show} />
  }
  if (view.kind === 'sources')
    return <SourcePanel citations={view.citations} citation={undefined} show={show} />
  const close = () => {
    show(undefined)
  }
  if (view.kind === 'inspector') {
    return (
      <Suspense fallback={<Loading title={strings.inspector.title} onClose={close} wide />}>
        <InspectorPanel sessionId={sessionId} onClose={close} />
      </Suspense>
    )
  }
  const run = runs.find(({ id }) => id === view.runId) ?? runs.at(-1)
  if (run === undefined) return null
  return (
    <Suspense fallback={<Loading title={strings.team} onClose={close} />}>
      <TeamPanel key={run.id} sessionId={sessionId} run={run} agentId={view.agentId} show={show} />
    </Suspense>
  )
}

function Loading({ title, onClose, wide = false }: { title: string; onClose: () => void; wide?: boolean }) {
  const strings = useStrings()
  return (
    <SidePanel title={title} onClose={onClose} wide={wide}>
      <Skeleton label={strings.loading} lines={8} className="p-4" />
    </SidePanel>
  )
}
