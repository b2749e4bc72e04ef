'use client'

import { useEffect, useState } from 'react'

/** The time, told again every `everyMs` while `running`. */
export function useNow(running: boolean, everyMs = 1_000): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!running) return
    const tell = () => {
      setNow(Date.now())
    }
    tell()
    const timer = setInterval(tell, everyMs)
    return () => {
      clearInterval(timer)
    }
  }, [running, everyMs])
  return now
}
