'use client'

import { StreamError } from '@throughline/protocol'
import { useState } from 'react'
import type { Strings } from '@/text/english/index'
import { useStrings } from '@/text/use-strings'

export interface Task {
  readonly busy: boolean
  /** Why it did not work, for a person. */
  readonly problem: string | undefined
  /** Runs one thing at a time; resolves to whether it worked. */
  run(work: () => Promise<unknown>, explain?: (error: StreamError) => string | undefined): Promise<boolean>
}

/** Something a button starts that takes a while and can fail. */
export function useTask(): Task {
  const strings = useStrings().account
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  return {
    busy,
    problem,
    async run(work, explain = () => undefined) {
      if (busy) return false
      setBusy(true)
      setProblem(undefined)
      try {
        await work()
        return true
      } catch (error) {
        const known = error instanceof StreamError ? error : undefined
        setProblem((known && (explain(known) ?? said(known, strings))) ?? strings.unreachable)
        return false
      } finally {
        setBusy(false)
      }
    },
  }
}

function said(error: StreamError, strings: Strings['account']): string {
  if (error.status === 429 || error.code === 'rate_limited') return strings.tooMany
  return error.code === 'network_error' ? strings.unreachable : error.message
}
