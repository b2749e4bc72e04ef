'use client'

import { useState, type SyntheticEvent } from 'react'
import { useSettingsStrings } from '@/text/settings-strings'
import type { ProviderView, SettingsView } from '../../../server/settings/settings-view'
import { useTask } from '../account/use-task'
import { Alert } from '../ui/alert'
import { Button } from '../ui/button'
import { Choice, Field } from '../ui/field'
import { Section } from '../ui/section'
import { useSettings } from './use-settings'

const OPENAI_URL = 'https://api.openai.com/v1'

/** Whose model answers: the server's, or one's own. */
export function ProviderSettings({ settings }: { settings: SettingsView }) {
  const strings = useSettingsStrings()
  const { change } = useSettings()
  const { provider } = settings
  const [own, setOwn] = useState(provider !== null)
  const [baseUrl, setBaseUrl] = useState(provider?.baseUrl ?? OPENAI_URL)
  const [model, setModel] = useState(provider?.model ?? '')
  const [key, setKey] = useState('')
  const [saved, setSaved] = useState(false)
  const { busy, problem, run } = useTask()

  const save = (next: Parameters<typeof change>[0]['provider']) => {
    setSaved(false)
    void run(() => change({ provider: next ?? null })).then((done) => {
      if (!done) return
      setKey('')
      setSaved(true)
    })
  }
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    save(own ? { baseUrl, model, ...(key !== '' && { key }) } : null)
  }
  const edit = (set: (value: string) => void) => (value: string) => {
    setSaved(false)
    set(value)
  }

  return (
    <Section title={strings.model} text={strings.modelText}>
      <form onSubmit={submit} className="space-y-5">
        <Choice
          legend={strings.modelWho}
          name="provider"
          value={own ? 'own' : 'server'}
          onChoose={(chosen) => {
            setSaved(false)
            setOwn(chosen === 'own')
          }}
          choices={[
            { value: 'server', label: strings.modelServer(settings.serverModel) },
            { value: 'own', label: strings.modelOwn },
          ]}
        />
        {own && (
          <div className="space-y-4 border-s-2 border-line ps-4">
            <Text
              label={strings.providerUrl}
              hint={strings.providerUrlHint}
              value={baseUrl}
              set={edit(setBaseUrl)}
              type="url"
            />
            <Text
              label={strings.providerModel}
              hint={strings.providerModelHint}
              value={model}
              set={edit(setModel)}
            />
            <Field
              label={strings.providerKey}
              type="password"
              dir="ltr"
              autoComplete="off"
              maxLength={512}
              value={key}
              hint={keyHint(provider, strings)}
              onChange={(event) => {
                edit(setKey)(event.target.value)
              }}
            />
            {provider !== null && provider.key.state !== 'none' && (
              <Button
                small
                disabled={busy}
                onClick={() => {
                  save({ baseUrl: provider.baseUrl, model: provider.model, key: null })
                }}
              >
                {strings.keyRemove}
              </Button>
            )}
          </div>
        )}
        {problem !== undefined && (
          <Alert tone="bad" urgent>
            {problem}
          </Alert>
        )}
        <div className="flex items-center gap-3">
          <Button type="submit" variant="primary" disabled={busy}>
            {busy ? strings.working : strings.save}
          </Button>
          <p role="status" className="text-sm text-soft">
            {saved && strings.saved}
          </p>
        </div>
      </form>
    </Section>
  )
}

interface TextProps {
  readonly label: string
  readonly hint: string
  readonly value: string
  readonly set: (value: string) => void
  readonly type?: 'text' | 'url'
}

function Text({ set, type = 'text', ...rest }: TextProps) {
  return (
    <Field
      {...rest}
      type={type}
      required
      dir="ltr"
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={1_024}
      onChange={(event) => {
        set(event.target.value)
      }}
    />
  )
}

function keyHint(provider: ProviderView | null, strings: ReturnType<typeof useSettingsStrings>): string {
  const state = provider?.key
  if (state?.state === 'set') return `${strings.keySet(state.endsIn)} ${strings.keyKeep}`
  return state?.state === 'unreadable' ? strings.keyUnreadable : strings.providerKeyHint
}
