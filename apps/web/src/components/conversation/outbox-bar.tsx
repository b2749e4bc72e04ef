'use client'

import type { OutboxEntry } from '@throughline/client'
import { useOutbox } from '@throughline/react'
import { CircleAlert, Clock, RotateCcw, X } from 'lucide-react'
import { useEffect, useEffectEvent, useRef } from 'react'
import type { Strings } from '@/text/english/index'
import { useStrings } from '@/text/use-strings'
import { announce } from '../announcer'
import { Button } from '../ui/button'
import { classNames } from '../ui/class-names'
import { useToast } from '../ui/toast'
import { useNow } from '../use-now'

/** What the server takes within this needs no mention, ms. */
const PROMPT_MS = 1_500

/** What was told but not taken yet, refused or too late, each with the way to take it back. Messages say so themselves. */
export function OutboxBar({ sessionId }: { sessionId: string }) {
  const strings = useStrings()
  const toasts = useToast()
  const { entries, retry, discard } = useOutbox(sessionId)
  const others = entries.filter(({ command, state }) => command.kind !== 'send' && state !== 'applied')
  const now = useNow(
    others.some(({ state, error }) => state === 'pending' && error === null),
    500,
  )
  const shown = others.filter(
    ({ state, error, createdAt }) => state !== 'pending' || error !== null || now - createdAt > PROMPT_MS,
  )
  useTold(shown)
  if (shown.length === 0) return null
  const takeBack = async ({ id, state }: OutboxEntry): Promise<void> => {
    const never = await discard(id)
    if (state === 'pending' && !never) toasts.add({ title: strings.outbox.mayHaveArrived })
  }
  return (
    <ul
      aria-label={strings.outbox.title}
      data-testid="outbox"
      className="mx-auto mb-2 w-full max-w-3xl space-y-1.5 px-3 md:px-6"
    >
      {shown.map((entry) => (
        <li
          key={entry.id}
          data-state={entry.state}
          className={classNames(
            'flex items-center gap-2 rounded-xl border px-3 py-1.5 text-sm',
            entry.state === 'rejected'
              ? 'border-transparent bg-bad-soft text-bad'
              : 'border-line bg-surface text-soft',
          )}
        >
          {entry.state === 'pending' ? (
            <Clock aria-hidden className="size-4 shrink-0" />
          ) : (
            <CircleAlert aria-hidden className="size-4 shrink-0" />
          )}
          <span className="min-w-0 flex-1 [overflow-wrap:anywhere]" dir="auto">
            {lineOf(entry, strings)}
          </span>
          {entry.state === 'rejected' && (
            <Button
              small
              onClick={() => {
                retry(entry.id).catch(() => undefined)
              }}
            >
              <RotateCcw className="size-3.5" /> {strings.retry}
            </Button>
          )}
          <Button
            small
            variant="ghost"
            onClick={() => {
              void takeBack(entry)
            }}
          >
            <X className="size-3.5" /> {entry.state === 'pending' ? strings.outbox.takeBack : strings.dismiss}
          </Button>
        </li>
      ))}
    </ul>
  )
}

/** Tells a screen reader how each command stands, once. */
function useTold(entries: readonly OutboxEntry[]): void {
  const strings = useStrings()
  const told = useRef<ReadonlyMap<string, OutboxEntry['state']>>(new Map())
  const tell = useEffectEvent((entry: OutboxEntry) => {
    announce(lineOf(entry, strings))
  })
  const key = entries.map(({ id, state }) => `${id} ${state}`).join()
  const latest = useEffectEvent(() => {
    for (const entry of entries) if (told.current.get(entry.id) !== entry.state) tell(entry)
    told.current = new Map(entries.map(({ id, state }) => [id, state]))
  })
  useEffect(() => {
    latest()
  }, [key])
}

function lineOf({ command, state, error }: OutboxEntry, { outbox, refusal }: Strings): string {
  const { pending, late, refused } = outbox
  const what = whatOf(command, outbox)
  if (state === 'late') return late(what)
  return state === 'rejected' ? refused(what, error === null ? '' : refusal(error)) : pending(what)
}

function whatOf(command: OutboxEntry['command'], { commands }: Strings['outbox']): string {
  switch (command.kind) {
    case 'steer':
      return commands.steer(command.content)
    case 'resolve':
      return commands.resolve(command.decision)
    default:
      return commands[command.kind]
  }
}
