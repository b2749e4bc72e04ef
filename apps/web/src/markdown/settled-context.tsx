'use client'

import { createContext, use } from 'react'

const SettledContext = createContext(false)

/** Tells the blocks below it whether they can still change. */
export const SettledProvider = SettledContext

/** Whether the block around can no longer change. */
export const useIsSettled = (): boolean => use(SettledContext)
