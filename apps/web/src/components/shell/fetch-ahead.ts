'use client'

import { useEffect } from 'react'
import { loadToastStage } from '../ui/toast'
import { loadDrawer } from './navigation-drawer'

/** How long after the first screen what it may need next is fetched, ms. */
const AFTER_MS = 2_000

/** Fetches what opens at a click or a failure before there is one: then it opens without the network, too. */
export function useFetchAhead(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      // Whoever wants one asks again.
      void Promise.allSettled([loadToastStage(), loadDrawer()])
    }, AFTER_MS)
    return () => {
      clearTimeout(timer)
    }
  }, [])
}
