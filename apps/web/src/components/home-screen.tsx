'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useStreamClient } from '@throughline/react'
import { SESSIONS_KEY } from '@throughline/react/query'
import { ArrowUpRight } from 'lucide-react'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { useStrings } from '@/text/use-strings'
import { agentIcon } from './agents/agent-look'
import { lastSeen } from './last-seen'
import { PlanToggle, useRunOptions } from './conversation/plan-toggle'
import { HOME_DRAFT, moveDraft, returnDraft, useDraft } from './draft'
import { ScreenHeader } from './shell/screen-header'
import { PromptInput } from './ui/prompt-input'
import { useToast } from './ui/toast'

/** The first screen: what this is, three questions that work, and the prompt. */
export function HomeScreen() {
  const strings = useStrings()
  const client = useStreamClient()
  const queries = useQueryClient()
  const router = useRouter()
  const toasts = useToast()
  const [draft, setDraft] = useDraft(HOME_DRAFT)
  const options = useRunOptions()
  const [busy, setBusy] = useState(false)
  const asked = useRef<string>(null)
  // What was typed on while the conversation was being made goes there.
  useEffect(
    () => () => {
      if (asked.current !== null) moveDraft(HOME_DRAFT, asked.current)
    },
    [],
  )

  const submit = async () => {
    setDraft('')
    if (!(await ask(draft.trim()))) returnDraft(HOME_DRAFT, draft)
  }
  const ask = async (content: string): Promise<boolean> => {
    setBusy(true)
    try {
      // The list is asked anew beside it: nobody waits for that.
      const { id } = await client.createSession()
      void queries.invalidateQueries({ queryKey: SESSIONS_KEY })
      lastSeen.begin(id)
      // Shown and retried by the session itself: its screen says how it goes.
      // By the time it is accepted it has given the conversation its title.
      client
        .session(id)
        .send({ content, options })
        .then(
          () => queries.invalidateQueries({ queryKey: SESSIONS_KEY }),
          () => undefined,
        )
      asked.current = id
      router.push(`/s/${id}`)
      return true
    } catch {
      setBusy(false)
      toasts.add({ title: strings.actionFailed, priority: 'high' })
      return false
    }
  }

  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <div className="md:hidden">
        <ScreenHeader title={<p className="text-sm font-semibold">{strings.appName}</p>} />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex min-h-full w-full max-w-2xl flex-col justify-center gap-7 p-5 py-8">
          <div className="text-center">
            <h1 className="text-[1.75rem] leading-tight font-semibold tracking-tight text-balance">
              {strings.homeTitle}
            </h1>
            <p className="mx-auto mt-2.5 max-w-lg leading-relaxed text-pretty text-soft">{strings.tagline}</p>
          </div>
          <PromptInput
            autoFocus
            value={draft}
            onChange={setDraft}
            onSubmit={() => void submit()}
            disabled={busy}
            tools={
              busy ? (
                <span className="px-3 py-1.5 text-[0.8125rem] text-faint">{strings.sending}</span>
              ) : (
                <PlanToggle />
              )
            }
          />
          <section aria-label={strings.examplesTitle}>
            <h2 className="section-title">{strings.examplesTitle}</h2>
            <ul className="grid gap-2">
              {strings.examples.map((question) => (
                <li key={question}>
                  <button
                    type="button"
                    disabled={busy}
                    onClick={() => void ask(question)}
                    className="group flex w-full items-center gap-3 rounded-xl border border-line bg-raised px-3.5 py-3 text-start text-[0.9375rem] text-soft transition-colors hover:border-accent hover:text-ink disabled:opacity-50"
                  >
                    <span className="flex-1" lang="en">
                      {question}
                    </span>
                    <ArrowUpRight
                      aria-hidden
                      className="size-4 shrink-0 text-faint group-hover:text-accent rtl:-scale-x-100"
                    />
                  </button>
                </li>
              ))}
            </ul>
          </section>
          <HowItWorks />
        </div>
      </div>
    </main>
  )
}

/** What happens to a question, in one row. */
function HowItWorks() {
  const strings = useStrings()
  return (
    <section aria-label={strings.howItWorks}>
      <ol className="grid grid-cols-2 gap-x-4 gap-y-3 border-t border-line pt-5 sm:grid-cols-4">
        {strings.steps.map(({ role, title, text }) => (
          <li key={role}>
            <p className="flex items-center gap-1.5 text-sm font-medium [&_svg]:text-accent">
              {agentIcon({ role, id: role })} {title}
            </p>
            <p className="mt-0.5 text-[0.8125rem] leading-snug text-pretty text-faint">{text}</p>
          </li>
        ))}
      </ol>
      <p className="mt-5 text-center text-sm text-faint">
        {strings.libraryNote}{' '}
        <Link href="/library" className="text-accent underline underline-offset-3">
          {strings.library.addYours}
        </Link>
      </p>
    </section>
  )
}
