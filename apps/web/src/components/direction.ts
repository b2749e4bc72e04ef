'use client'

import { useSyncExternalStore } from 'react'

/** Which way the page reads, as its root says: menus open and keys step accordingly. */
export function useDirection(): 'ltr' | 'rtl' {
  return useSyncExternalStore(subscribe, read, () => 'ltr')
}

function read(): 'ltr' | 'rtl' {
  return document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr'
}

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['dir'] })
  return () => {
    observer.disconnect()
  }
}
