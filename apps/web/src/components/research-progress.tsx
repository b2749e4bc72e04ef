'use client'

import type { Run } from '@throughline/protocol'
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { strings } from '@/text/strings'
import { AgentGrid } from './agent-grid'
import { Card } from './ui/card'
import { classNames } from './ui/class-names'

/** What a run does or did: its plan and its agents. Open while they work, a line once they are done. */
export function ResearchProgress({ run }: { run: Run }) {
  const active = run.status === 'running' || run.status === 'queued'
  const [chosen, setChosen] = useState<boolean>()
  const open = chosen ?? active
  if (run.agents.length === 0 && run.plan.length === 0 && !active) return null
  return (
    <Card data-testid="research-progress" data-run-status={run.status} aria-label={strings.agents}>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => {
          setChosen(!open)
        }}
        className="flex w-full items-center gap-2 px-3 py-2.5 text-start text-sm"
      >
        <ChevronRight
          className={classNames(
            'size-4 text-faint transition-transform rtl:-scale-x-100',
            open && 'rotate-90',
          )}
        />
        <span className="min-w-0 flex-1 truncate text-soft">{headline(run)}</span>
        {active && <span aria-hidden className="size-2 animate-pulse rounded-full bg-accent" />}
      </button>
      {open && (
        <div className="space-y-3 border-t border-line p-3">
          {run.plan.length > 0 && (
            <div data-testid="plan">
              <h3 className="mb-1.5 text-xs font-semibold tracking-wide text-faint uppercase">
                {strings.plan}
              </h3>
              <ol className="list-decimal space-y-1 ps-5 text-sm text-soft">
                {run.plan.map((question) => (
                  <li key={question.id}>{question.question}</li>
                ))}
              </ol>
            </div>
          )}
          <AgentGrid agents={run.agents} />
        </div>
      )}
    </Card>
  )
}

function headline(run: Run): string {
  if (run.status === 'queued') return strings.queued
  const working = run.agents.filter((agent) => agent.status === 'working')
  if (run.status === 'running') return working.map((agent) => agent.name).join(', ') || strings.teamAtWork
  const cited = run.findings.reduce((sum, finding) => sum + finding.citations.length, 0)
  if (run.findings.length === 0) return strings.researchCut(run.plan.length, run.agents.length)
  return strings.researchSummary(run.plan.length, run.agents.length, cited)
}
