'use client'

import { useEffect, useEffectEvent } from 'react'
import { isLanguage } from '@/text/language'
import { useSpeak } from '@/text/use-strings'
import { usePreference } from '../preference'
import { applyAppearance, type Appearance } from '../theme'
import { useSettings } from './use-settings'

/** What this browser remembers. */
function useRemembered(): readonly [Appearance, (chosen: Partial<Appearance>) => void] {
  const [theme, setTheme] = usePreference('theme')
  const [motion, setMotion] = usePreference('motion')
  const [direction, setDirection] = usePreference('direction')
  const [language, setLanguage] = usePreference('language')
  const speak = useSpeak()
  const remembered: Appearance = {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    motion: motion === 'reduced' ? 'reduced' : 'system',
    direction: direction === 'rtl' ? 'rtl' : 'ltr',
    language: isLanguage(language) ? language : 'system',
  }
  const remember = (chosen: Partial<Appearance>) => {
    const next = { ...remembered, ...chosen }
    setTheme(next.theme === 'system' ? null : next.theme)
    setMotion(next.motion === 'system' ? null : next.motion)
    setDirection(next.direction === 'ltr' ? null : next.direction)
    setLanguage(next.language === 'system' ? null : next.language)
    applyAppearance(next)
    speak(next.language === 'system' ? null : next.language)
  }
  return [remembered, remember]
}

/** How the interface looks, moves and speaks: at once in this browser, and wherever this person signs in. */
export function useAppearance(): Appearance & { choose(chosen: Partial<Appearance>): void } {
  const [remembered, remember] = useRemembered()
  const { change } = useSettings()
  return {
    ...remembered,
    choose(chosen) {
      remember(chosen)
      // It holds here in any case; elsewhere it does once it could be told.
      change({ preferences: chosen }).catch(() => undefined)
    },
  }
}

/** Brings along what somebody chose elsewhere. */
export function useAppearanceOfAccount(): void {
  const { settings } = useSettings()
  const [, remember] = useRemembered()
  const chosen = settings?.preferences
  const follow = useEffectEvent(remember)
  useEffect(() => {
    if (chosen !== undefined) follow(chosen)
  }, [chosen])
}
