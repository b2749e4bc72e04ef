'use client'

import type { PendingInput, Run } from '@throughline/protocol'
import { Check, ListChecks, Plus, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useStrings } from '@/text/use-strings'
import type { ConversationCommands } from '../conversation/commands'
import { useDraft } from '../draft'
import { Button } from '../ui/button'
import { Card } from '../ui/card'

/** Questions that a plan may have when the request names no other number. */
const MAX_QUESTIONS = 8

export interface PlanApprovalProps {
  readonly run: Run
  readonly input: PendingInput
  readonly commands: ConversationCommands
}

interface Line {
  readonly key: number
  readonly text: string
}

/** The team waits for a word about its plan: as it is, changed, or not at all. */
export function PlanApproval({ run, input, commands }: PlanApprovalProps) {
  const strings = useStrings()
  const [planned] = useState(() => plannedQuestions(run, input))
  const [draft, setDraft] = useDraft(`plan.${input.inputId}`)
  const [lines, setLines] = useState<readonly Line[]>(() =>
    (draft === '' ? planned : draft.split('\n')).map((text, key) => ({ key, text })),
  )
  const list = useRef<HTMLOListElement>(null)
  const [busy, setBusy] = useState(false)
  const questions = lines.map(({ text }) => text.trim()).filter((text) => text !== '')
  const most = Number(optionOf(input, 'maxQuestions')) || MAX_QUESTIONS
  const changed = questions.length !== planned.length || questions.some((text, at) => text !== planned[at])

  const decide = (decision: string, value?: unknown) => {
    setBusy(true)
    // Once it is applied, the request goes away and this card with it.
    void commands.resolve(input.inputId, decision, value).then((applied) => {
      if (applied) setDraft('')
      else setBusy(false)
    })
  }
  const keep = (after: readonly Line[]) => {
    setLines(after)
    setDraft(after.map(({ text }) => text).join('\n'))
  }
  const change = (key: number, text: string) => {
    keep(lines.map((line) => (line.key === key ? { key, text } : line)))
  }
  const write = (index: number) => {
    list.current?.querySelectorAll('input')[index]?.focus()
  }
  const add = () => {
    flushSync(() => {
      keep([...lines, { key: Math.max(-1, ...lines.map(({ key }) => key)) + 1, text: '' }])
    })
    write(lines.length)
  }
  const remove = (index: number) => {
    flushSync(() => {
      keep(lines.filter((_, at) => at !== index))
    })
    // The button that had the keyboard went with its line.
    write(Math.min(index, lines.length - 2))
  }
  return (
    <Card
      data-testid="plan-approval"
      aria-label={strings.reviewPlan}
      className="border-accent/50 p-3.5 shadow-[0_0_0_3px_var(--accent-soft)]"
    >
      <h3 className="flex items-center gap-2 text-sm font-semibold">
        <ListChecks aria-hidden className="size-4 text-accent" /> {strings.reviewPlan}
      </h3>
      <p className="mt-1 text-sm text-soft" dir="auto">
        {input.prompt}
      </p>
      <ol ref={list} className="mt-3 space-y-1.5">
        {lines.map(({ key, text }, index) => (
          <li key={key} className="flex items-center gap-2">
            <span aria-hidden className="w-4 text-end text-xs text-faint tabular-nums">
              {index + 1}
            </span>
            <input
              value={text}
              dir="auto"
              maxLength={300}
              aria-label={strings.subQuestion(index + 1)}
              readOnly={busy}
              onChange={(event) => {
                change(key, event.target.value)
              }}
              className="h-9 min-w-0 flex-1 rounded-lg border border-line bg-canvas px-2.5 text-sm outline-none focus:border-accent"
            />
            <Button
              variant="ghost"
              icon
              small
              disabled={busy || lines.length === 1}
              aria-label={strings.removeSubQuestion(index + 1)}
              onClick={() => {
                remove(index)
              }}
            >
              <X className="size-4" />
            </Button>
          </li>
        ))}
      </ol>
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <Button variant="ghost" small disabled={busy || lines.length >= most} onClick={add}>
          <Plus className="size-4" /> {strings.addSubQuestion}
        </Button>
        <span className="flex-1" />
        <Button
          variant="danger"
          small
          disabled={busy}
          onClick={() => {
            decide('reject')
          }}
        >
          {strings.rejectPlan}
        </Button>
        <Button
          variant="primary"
          small
          disabled={busy || questions.length === 0}
          onClick={() => {
            if (changed) decide('edit', { questions })
            else decide('approve')
          }}
        >
          <Check className="size-4" /> {changed ? strings.approveChanged : strings.approvePlan}
        </Button>
      </div>
    </Card>
  )
}

/** The questions that the request names, else those of the plan that was told. */
function plannedQuestions(run: Run, input: PendingInput): readonly string[] {
  const asked = optionOf(input, 'questions')
  const named = Array.isArray(asked)
    ? asked.flatMap((entry: unknown) => {
        const question = fieldOf(entry, 'question')
        return typeof question === 'string' ? [question] : []
      })
    : []
  return named.length > 0 ? named : run.plan.map(({ question }) => question)
}

function optionOf({ options }: PendingInput, name: string): unknown {
  return fieldOf(options, name)
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
