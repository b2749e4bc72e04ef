'use client'

import { strings as common } from '@/text/strings'
import { Choice } from '../ui/field'
import { Section, SectionScreen } from '../ui/section'
import { ProviderSettings } from './provider-settings'
import { useAppearance } from './use-appearance'
import { useSettings } from './use-settings'

const strings = common.account

/** How the app looks, moves and thinks for one person. */
export function SettingsScreen() {
  const { settings, error } = useSettings()
  return (
    <SectionScreen title={strings.settings}>
      <AppearanceSettings />
      {settings === undefined ? (
        <Section title={strings.model}>
          <p className="text-sm text-soft">{error === null ? strings.loading : strings.loadFailed}</p>
        </Section>
      ) : (
        <ProviderSettings settings={settings} />
      )}
    </SectionScreen>
  )
}

function AppearanceSettings() {
  const { theme, motion, direction, choose } = useAppearance()
  return (
    <Section title={strings.appearance}>
      <div className="space-y-5">
        <Choice
          inline
          legend={strings.theme}
          name="theme"
          value={theme}
          onChoose={(chosen) => {
            choose({ theme: chosen })
          }}
          choices={[
            { value: 'system', label: common.themeSystem },
            { value: 'light', label: common.themeLight },
            { value: 'dark', label: common.themeDark },
          ]}
        />
        <Choice
          inline
          legend={strings.motion}
          name="motion"
          value={motion}
          onChoose={(chosen) => {
            choose({ motion: chosen })
          }}
          choices={[
            { value: 'system', label: strings.motionSystem },
            { value: 'reduced', label: strings.motionReduced },
          ]}
        />
        <Choice
          inline
          legend={strings.direction}
          name="direction"
          value={direction}
          onChoose={(chosen) => {
            choose({ direction: chosen })
          }}
          choices={[
            { value: 'ltr', label: common.palette.toLeft },
            { value: 'rtl', label: common.palette.toRight },
          ]}
        />
      </div>
    </Section>
  )
}
