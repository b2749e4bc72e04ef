'use client'

import type { Agent, Run } from '@throughline/protocol'
import { useStrings } from '@/text/use-strings'
import { classNames } from '../ui/class-names'
import { duration } from './duration'

const TONES: Record<Agent['status'], string> = {
  idle: 'bg-faint',
  working: 'bg-accent animate-pulse',
  completed: 'bg-good',
  error: 'bg-bad',
}

/** Who worked when, from the run's start to its end or to now. */
export function Timeline({ run, now }: { run: Run; now: number }) {
  const strings = useStrings()
  const start = run.startedAt ?? run.queuedAt
  const end = Math.max(run.endedAt ?? now, start + 1)
  const share = (at: number): string => `${String((100 * (at - start)) / (end - start))}%`
  return (
    <figure aria-label={strings.timeline}>
      <ul className="space-y-2">
        {run.agents.map((agent) => {
          const until = agent.endedAt ?? end
          return (
            <li key={agent.id} className="grid grid-cols-[6.5rem_1fr_3.5rem] items-center gap-2 text-xs">
              <span className="truncate text-soft">{agent.name}</span>
              <span aria-hidden className="relative h-2 rounded-full bg-surface">
                <span
                  className={classNames('absolute inset-y-0 min-w-1 rounded-full', TONES[agent.status])}
                  style={{
                    insetInlineStart: share(agent.startedAt),
                    insetInlineEnd: share(start + end - until),
                  }}
                />
              </span>
              <span className="text-end text-faint tabular-nums">
                {duration(until - agent.startedAt, strings.locale)}
              </span>
            </li>
          )
        })}
      </ul>
      <figcaption className="mt-2 flex justify-between ps-[7rem] pe-[4rem] text-[0.6875rem] text-faint tabular-nums">
        <span>0</span>
        <span>{duration(end - start, strings.locale)}</span>
      </figcaption>
    </figure>
  )
}
