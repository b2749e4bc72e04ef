'use client'

import type { Run } from '@throughline/protocol'
import { AgentGrid } from '../agent-grid'
import { duration } from '../agents/duration'
import { happeningOf, type Happening } from '../agents/happening'
import { useRunEvents } from '../agents/run-events'
import { Timeline } from '../agents/timeline'
import type { ShowPanel } from '../conversation/panel-view'
import { classNames } from '../ui/class-names'
import { Skeleton } from '../ui/skeleton'
import { useNow } from '../use-now'
import { SidePanel } from './side-panel'
import { useStrings } from '@/text/use-strings'

export interface TeamPanelProps {
  readonly sessionId: string
  readonly run: Run
  /** Whose transcript is shown; without it the whole team's. */
  readonly agentId: string | undefined
  readonly show: ShowPanel
}

/** A run in full: who worked when, how each agent stands, and what was done in which order. */
export function TeamPanel({ sessionId, run, agentId, show }: TeamPanelProps) {
  const strings = useStrings()
  const now = useNow(run.endedAt === null)
  const { events, isPending } = useRunEvents(sessionId, run)
  const all = events.flatMap((event) => happeningOf(event, strings) ?? [])
  const shown = agentId === undefined ? all : all.filter((happening) => happening.agentId === agentId)
  const agent = run.agents.find(({ id }) => id === agentId)
  const names = new Map(run.agents.map(({ id, name }) => [id, name]))
  const start = run.startedAt ?? run.queuedAt
  const choose = (chosen: string) => {
    show({ kind: 'team', runId: run.id, agentId: chosen === agentId ? undefined : chosen })
  }
  return (
    <SidePanel
      title={strings.team}
      subtitle={`${strings.runStatus[run.status]} · ${duration((run.endedAt ?? now) - start, strings.locale)}`}
      testId="team"
      onClose={() => {
        show(undefined)
      }}
    >
      <div className="min-h-0 flex-1 space-y-6 overflow-y-auto p-4">
        {run.agents.length > 0 && (
          <section>
            <h3 className="section-title">{strings.timeline}</h3>
            <Timeline run={run} now={now} />
          </section>
        )}
        <section>
          <h3 className="section-title">{strings.agents}</h3>
          <AgentGrid agents={run.agents} onOpen={choose} selected={agentId} narrow />
        </section>
        <section aria-label={strings.transcriptOf(agent?.name ?? strings.team)}>
          <h3 className="section-title" dir="auto">
            {strings.transcriptOf(agent?.name ?? strings.team)}
          </h3>
          {isPending && shown.length === 0 ? (
            <Skeleton label={strings.loading} />
          ) : (
            <Happenings list={shown} start={start} names={agent === undefined ? names : undefined} />
          )}
        </section>
      </div>
    </SidePanel>
  )
}

const TONES: Record<Happening['tone'], string> = {
  plain: 'bg-faint',
  accent: 'bg-accent',
  good: 'bg-good',
  bad: 'bg-bad',
}

interface HappeningsProps {
  readonly list: readonly Happening[]
  readonly start: number
  /** Names of agents, where several are shown. */
  readonly names: ReadonlyMap<string, string> | undefined
}

function Happenings({ list, start, names }: HappeningsProps) {
  const strings = useStrings()
  if (list.length === 0) return <p className="text-sm text-faint">{strings.nothingYet}</p>
  return (
    <ol data-testid="happenings" className="space-y-2.5 border-s border-line ps-4">
      {list.map(({ key, at, agentId, text, tone }) => {
        const name = agentId === null ? undefined : names?.get(agentId)
        return (
          <li key={key} className="relative text-[0.8125rem] leading-snug">
            <span
              aria-hidden
              className={classNames(
                'absolute -start-[1.3rem] top-1.5 size-2 rounded-full ring-3 ring-canvas max-lg:ring-raised',
                TONES[tone],
              )}
            />
            <span className="text-soft" dir="auto">
              {name !== undefined && <b className="font-medium text-ink">{name}: </b>}
              {text}
            </span>{' '}
            <span className="text-xs text-faint tabular-nums">+{duration(at - start, strings.locale)}</span>
          </li>
        )
      })}
    </ol>
  )
}
