'use client'

import { useSessions } from '@throughline/react/query'
import { useParams, useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { useStrings } from '@/text/use-strings'
import { lastSeen } from '../last-seen'
import { useToast } from '../ui/toast'

/** Says when a team that works out of sight has finished, and leads there. */
export function BackgroundRuns() {
  const strings = useStrings()
  const { sessions } = useSessions({ archived: false })
  const { sessionId: current } = useParams<{ sessionId?: string }>()
  const router = useRouter()
  const toasts = useToast()
  const active = useRef<ReadonlySet<string>>(new Set())
  useEffect(() => {
    const before = active.current
    active.current = new Set(sessions.filter((session) => session.active).map(({ id }) => id))
    for (const { id, title, updatedAt } of sessions) {
      if (id === current || !before.has(id) || active.current.has(id)) continue
      lastSeen.told(id, updatedAt)
      const toast = toasts.add({
        title: strings.researchCompleted,
        description: title,
        timeout: 8_000,
        actionProps: {
          children: strings.open,
          onClick: () => {
            toasts.close(toast)
            router.push(`/s/${id}`)
          },
        },
      })
    }
  }, [sessions, current, router, toasts, strings])
  return null
}
