'use client'

import { useStreamClient } from '@throughline/react'
import { useSessions } from '@throughline/react/query'
import { CornerDownRight, Waypoints } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { strings } from '@/text/strings'
import { useDraft } from './draft'
import { PromptInput } from './ui/prompt-input'
import { useToast } from './ui/toast'

/** The first screen: what this is, three questions that work, and the prompt. */
export function HomeScreen() {
  const client = useStreamClient()
  const { createSession, refetch } = useSessions()
  const router = useRouter()
  const toasts = useToast()
  const [draft, setDraft] = useDraft('home')
  const [busy, setBusy] = useState(false)

  const ask = async (content: string) => {
    setBusy(true)
    try {
      const { id } = await createSession()
      // Shown and retried by the session itself: its screen says how it goes.
      // By the time it is accepted it has given the conversation its title.
      client
        .session(id)
        .send({ content })
        .then(refetch, () => undefined)
      setDraft('')
      router.push(`/s/${id}`)
    } catch {
      setBusy(false)
      toasts.add({ title: strings.actionFailed })
    }
  }

  return (
    <main className="flex min-h-0 flex-1 flex-col">
      <div className="mx-auto grid w-full max-w-2xl flex-1 content-center gap-8 overflow-y-auto p-5">
        <div>
          <Waypoints aria-hidden className="size-8 text-accent" />
          <h1 className="mt-3 text-2xl font-semibold tracking-tight text-balance">{strings.homeTitle}</h1>
          <p className="mt-2 leading-relaxed text-pretty text-soft">{strings.libraryNote}</p>
        </div>
        <section aria-label={strings.examplesTitle}>
          <h2 className="text-sm font-medium text-faint">{strings.examplesTitle}</h2>
          <ul className="mt-2 divide-y divide-line border-y border-line">
            {strings.examples.map((question) => (
              <li key={question}>
                <button
                  type="button"
                  disabled={busy}
                  onClick={() => void ask(question)}
                  className="flex w-full items-center gap-2.5 py-3 text-start text-soft hover:text-ink"
                >
                  <CornerDownRight className="size-4 shrink-0 text-faint rtl:-scale-x-100" /> {question}
                </button>
              </li>
            ))}
          </ul>
        </section>
      </div>
      <div className="mx-auto w-full max-w-2xl p-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] md:p-5 md:pt-0">
        <PromptInput
          autoFocus
          value={draft}
          onChange={setDraft}
          onSubmit={() => void ask(draft.trim())}
          disabled={busy}
        />
      </div>
    </main>
  )
}
