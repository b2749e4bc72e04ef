'use client'

import { Monitor, Moon, Sun } from 'lucide-react'
import { useStrings } from '@/text/use-strings'
import { useAppearance } from './settings/use-appearance'
import { classNames } from './ui/class-names'

const OPTIONS = [
  { theme: 'light', label: 'themeLight', Icon: Sun },
  { theme: 'dark', label: 'themeDark', Icon: Moon },
  { theme: 'system', label: 'themeSystem', Icon: Monitor },
] as const

/** Light, dark, or as the device has it. */
export function ThemePicker() {
  const strings = useStrings()
  const { theme: current, choose } = useAppearance()
  return (
    <div role="radiogroup" aria-label={strings.theme} className="flex rounded-lg border border-line p-0.5">
      {OPTIONS.map(({ theme, label, Icon }) => (
        <button
          key={theme}
          type="button"
          role="radio"
          aria-checked={current === theme}
          aria-label={strings[label]}
          title={strings[label]}
          onClick={() => {
            choose({ theme })
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
