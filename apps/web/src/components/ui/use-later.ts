'use client'

import { useEffect, useState } from 'react'

/** Between two tries to fetch what is wanted, ms. */
const RETRY_MS = 3_000

/**
 * A part of the page that is fetched once it is wanted, and as often as it takes.
 * @param load always the same function
 * @returns `undefined` until it is there
 */
export function useLater<T extends object>(load: () => Promise<T>, wanted: boolean): T | undefined {
  const [part, setPart] = useState<T>()
  const missing = wanted && part === undefined
  useEffect(() => {
    if (!missing) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let left = false
    const fetchIt = async () => {
      try {
        const loaded = await load()
        if (!left) setPart(loaded)
      } catch {
        if (!left) timer = setTimeout(() => void fetchIt(), RETRY_MS)
      }
    }
    void fetchIt()
    return () => {
      left = true
      clearTimeout(timer)
    }
  }, [load, missing])
  return part
}
