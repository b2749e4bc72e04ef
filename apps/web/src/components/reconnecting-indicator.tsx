'use client'

import { useEffect, useState } from 'react'
import { strings } from '@/text/strings'

/** Counts down to the next attempt. */
export function ReconnectingIndicator({ attempt, retryAt }: { attempt: number; retryAt: number | null }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (retryAt === null) return
    const timer = setInterval(() => {
      setNow(Date.now())
    }, 500)
    return () => {
      clearInterval(timer)
    }
  }, [retryAt])
  const seconds = retryAt === null ? 0 : Math.ceil((retryAt - now) / 1000)
  return <span>{seconds > 0 ? strings.reconnectIn(seconds, attempt) : strings.reconnecting}</span>
}
