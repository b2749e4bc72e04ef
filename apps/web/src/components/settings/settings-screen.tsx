'use client'

import { LANGUAGES, type Language } from '@/text/language'
import { useSettingsStrings } from '@/text/settings-strings'
import { useStrings } from '@/text/use-strings'
import { Alert } from '../ui/alert'
import { Button } from '../ui/button'
import { Choice } from '../ui/field'
import { Section, SectionScreen } from '../ui/section'
import { Skeleton } from '../ui/skeleton'
import { ProviderSettings } from './provider-settings'
import { useAppearance } from './use-appearance'
import { useSettings } from './use-settings'

/** How the app looks, moves and thinks for one person. */
export function SettingsScreen() {
  const common = useStrings()
  const strings = useSettingsStrings()
  const { settings, error, reload } = useSettings()
  return (
    <SectionScreen title={strings.settings}>
      <AppearanceSettings />
      {settings === undefined ? (
        <Section title={strings.model}>
          {error === null ? (
            <Skeleton label={strings.loading} lines={3} />
          ) : (
            <Alert
              tone="warn"
              action={
                <Button small onClick={reload}>
                  {common.retry}
                </Button>
              }
            >
              {strings.loadFailed}
            </Alert>
          )}
        </Section>
      ) : (
        <ProviderSettings settings={settings} />
      )}
    </SectionScreen>
  )
}

/** Each by its own name, so that it can be found in any language. */
const LANGUAGE_CHOICES = (Object.keys(LANGUAGES) as Language[]).map((value) => ({
  value,
  label: LANGUAGES[value],
  lang: value,
}))

function AppearanceSettings() {
  const common = useStrings()
  const strings = useSettingsStrings()
  const { theme, motion, direction, language, choose } = useAppearance()
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
        <Choice
          inline
          legend={strings.language}
          name="language"
          value={language}
          onChoose={(chosen) => {
            choose({ language: chosen })
          }}
          choices={[{ value: 'system', label: strings.languageSystem }, ...LANGUAGE_CHOICES]}
        />
      </div>
    </Section>
  )
}
