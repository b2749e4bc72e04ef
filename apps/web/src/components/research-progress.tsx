'use client'

import type { Run } from '@throughline/protocol'
import { ChevronRight, PanelRight } from 'lucide-react'
import { useState } from 'react'
import type { Strings } from '@/text/english/index'
import { useStrings } from '@/text/use-strings'
import { AgentGrid } from './agent-grid'
import { OpenRequest } from './agents/open-request'
import { PlanApproval } from './agents/plan-approval'
import { SteerBox, wordTo } from './agents/steer-box'
import type { ConversationCommands } from './conversation/commands'
import type { ShowPanel } from './conversation/panel-view'
import { useDraft } from './draft'
import { Button } from './ui/button'
import { Card } from './ui/card'
import { classNames } from './ui/class-names'

export interface ResearchProgressProps {
  readonly run: Run
  readonly commands: ConversationCommands
  readonly show: ShowPanel
}

/**
 * What a run does or did: its plan, its agents and what they ask. Open while they work, a line once they are done,
 * unless somebody is in the middle of something there.
 */
export function ResearchProgress({ run, commands, show }: ResearchProgressProps) {
  const strings = useStrings()
  const active = run.status === 'running' || run.status === 'queued'
  const [chosen, setChosen] = useState<boolean>()
  const [word] = useDraft(wordTo(run))
  // The end of the work takes nothing from under a keyboard.
  const [entered, setEntered] = useState(false)
  const enter = (within: boolean) => {
    if (active) setEntered(within)
  }
  const open = chosen ?? (active || entered || word !== '')
  if (run.agents.length === 0 && run.plan.length === 0 && !open) return null
  const openTeam = (agentId?: string) => {
    show({ kind: 'team', runId: run.id, agentId })
  }
  return (
    <div className="space-y-3">
      <Card
        data-testid="research-progress"
        data-run-status={run.status}
        aria-label={strings.agents}
        onFocus={() => {
          enter(true)
        }}
        onBlur={() => {
          enter(false)
        }}
      >
        <div className="flex items-center pe-1.5">
          <button
            type="button"
            aria-expanded={open}
            onClick={() => {
              setChosen(!open)
            }}
            className="flex min-w-0 flex-1 items-center gap-2 rounded-xl px-3 py-2.5 text-start text-sm"
          >
            <ChevronRight
              aria-hidden
              className={classNames(
                'size-4 shrink-0 text-faint transition-transform',
                open ? 'rotate-90' : 'rtl:-scale-x-100',
              )}
            />
            <span className={classNames('min-w-0 flex-1 truncate', active ? 'shimmer' : 'text-soft')}>
              {headline(run, strings)}
            </span>
          </button>
          <Button
            variant="ghost"
            icon
            small
            aria-label={strings.openTeam}
            title={strings.openTeam}
            onClick={() => {
              openTeam()
            }}
          >
            <PanelRight className="size-4 rtl:-scale-x-100" />
          </Button>
        </div>
        {open && (
          <div className="space-y-4 border-t border-line p-3">
            {run.plan.length > 0 && (
              <div data-testid="plan">
                <h3 className="section-title">{strings.plan}</h3>
                <ol className="list-decimal space-y-1 ps-5 text-sm text-soft marker:text-faint">
                  {run.plan.map((question) => (
                    <li key={question.id}>
                      <span dir="auto">{question.question}</span>
                    </li>
                  ))}
                </ol>
              </div>
            )}
            {run.agents.length > 0 && <AgentGrid agents={run.agents} onOpen={openTeam} />}
            <ToldWords run={run} />
            {(run.status === 'running' || (run.endedAt !== null && word !== '')) && (
              <SteerBox run={run} commands={commands} />
            )}
          </div>
        )}
      </Card>
      {run.inputs.map((input) =>
        isPlan(input.kind) ? (
          <PlanApproval key={input.inputId} run={run} input={input} commands={commands} />
        ) : (
          <OpenRequest key={input.inputId} input={input} commands={commands} />
        ),
      )}
    </div>
  )
}

/** What the person told the team while it worked. */
function ToldWords({ run }: { run: Run }) {
  const strings = useStrings()
  const words = run.answers.filter(({ decision }) => decision === 'steer')
  if (words.length === 0) return null
  return (
    <ul className="space-y-1 text-[0.8125rem] text-soft">
      {words.map(({ inputId, value }) => (
        <li key={inputId} dir="auto">
          {strings.steered(String(value))}
        </li>
      ))}
    </ul>
  )
}

function isPlan(kind: string): boolean {
  return kind.includes('plan')
}

function headline(run: Run, strings: Strings): string {
  if (run.inputs.length > 0) return strings.waitsForYou
  if (run.status === 'queued') return strings.queued
  const working = run.agents.filter((agent) => agent.status === 'working')
  if (run.status === 'running') {
    const [only] = working
    if (only !== undefined && working.length === 1 && only.currentTask !== '') {
      return `${only.name}: ${only.currentTask}`
    }
    return working.map((agent) => agent.name).join(', ') || strings.teamAtWork
  }
  const cited = run.findings.reduce((sum, finding) => sum + finding.citations.length, 0)
  if (run.findings.length === 0) return strings.researchCut(run.plan.length, run.agents.length)
  return strings.researchSummary(run.plan.length, run.agents.length, cited)
}
