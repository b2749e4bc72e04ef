'use client'

import { Monitor, Moon, Sun } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { strings } from '@/text/strings'
import { chooseTheme, storedTheme, type Theme } from './theme'
import { classNames } from './ui/class-names'

const OPTIONS = [
  { theme: 'light', label: strings.themeLight, Icon: Sun },
  { theme: 'dark', label: strings.themeDark, Icon: Moon },
  { theme: 'system', label: strings.themeSystem, Icon: Monitor },
] as const

const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** Light, dark, or as the device has it. */
export function ThemePicker() {
  const current = useSyncExternalStore<Theme>(subscribe, storedTheme, () => 'system')
  return (
    <div role="radiogroup" aria-label={strings.theme} className="flex rounded-lg border border-line p-0.5">
      {OPTIONS.map(({ theme, label, Icon }) => (
        <button
          key={theme}
          type="button"
          role="radio"
          aria-checked={current === theme}
          aria-label={label}
          title={label}
          onClick={() => {
            chooseTheme(theme)
            for (const listener of listeners) listener()
          }}
          className={classNames(
            'rounded-md p-1.5',
            current === theme ? 'bg-surface text-ink' : 'text-faint hover:text-ink',
          )}
        >
          <Icon className="size-3.5" />
        </button>
      ))}
    </div>
  )
}
