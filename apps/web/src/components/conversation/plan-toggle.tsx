'use client'

import type { RunOptions } from '@throughline/protocol'
import { ListChecks } from 'lucide-react'
import { useMemo } from 'react'
import { useStrings } from '@/text/use-strings'
import { usePreference } from '../preference'
import { classNames } from '../ui/class-names'

/** Whether a person wants to see the plan before the team follows it. */
function usePlanReview(): readonly [boolean, (review: boolean) => void] {
  const [value, set] = usePreference('review-plan')
  return [
    value === 'on',
    (review) => {
      set(review ? 'on' : null)
    },
  ]
}

/** How this person wants answers made. */
export function useRunOptions(): RunOptions {
  const { locale: language } = useStrings()
  const [approvePlan] = usePlanReview()
  return useMemo(() => ({ approvePlan, language }), [approvePlan, language])
}

/** Asks the team to wait with its plan; remembered for the next question. */
export function PlanToggle() {
  const strings = useStrings()
  const [review, setReview] = usePlanReview()
  return (
    <button
      type="button"
      aria-pressed={review}
      title={strings.reviewPlanHint}
      onClick={() => {
        setReview(!review)
      }}
      className={classNames(
        'inline-flex h-8 items-center gap-1.5 rounded-full border px-3 text-[0.8125rem] transition-colors',
        review
          ? 'border-accent/40 bg-accent-soft text-accent'
          : 'border-transparent text-faint hover:bg-surface hover:text-ink',
      )}
    >
      <ListChecks aria-hidden className="size-4" /> {strings.reviewPlanFirst}
    </button>
  )
}
