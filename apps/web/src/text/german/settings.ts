import type { SettingsStrings } from '../english/settings.ts'

/** What the settings screen says, beside what it shares with the account, in German. */
export const settings: SettingsStrings = {
  appearance: 'Darstellung',
  theme: 'Farben',
  motion: 'Bewegung',
  motionSystem: 'Wie das Gerät',
  motionReduced: 'Weniger',
  direction: 'Leserichtung',
  language: 'Sprache',
  languageSystem: 'Wie der Browser',
  model: 'Modell',
  modelText:
    'Mit einem eigenen Schlüssel gehen Ihre Fragen auf Ihre Kosten an Ihren Anbieter. Die Fragen anderer nicht.',
  modelWho: 'Antworten auf Ihre Fragen schreibt',
  modelServer: (model) =>
    model === null
      ? 'das eingebaute Team, das zitiert und nichts erfindet'
      : `das Modell des Servers, ${model}`,
  modelOwn: 'ein Modell meines eigenen Anbieters',
  providerUrl: 'Adresse',
  providerUrlHint: 'Jeder OpenAI-kompatible Server, bis einschließlich /v1.',
  providerModel: 'Modell',
  providerModelHint: 'So, wie der Anbieter es nennt.',
  providerKey: 'Schlüssel',
  providerKeyHint:
    'Wird versiegelt auf dem Server verwahrt, nur für Ihre Fragen benutzt und nie wieder angezeigt.',
  keySet: (endsIn) =>
    endsIn === '' ? 'Ein Schlüssel ist hinterlegt.' : `Ein Schlüssel ist hinterlegt, er endet auf ${endsIn}.`,
  keyUnreadable: 'Der Schlüssel ist nicht mehr lesbar: Geben Sie ihn neu ein.',
  keyKeep: 'Leer lassen, um ihn zu behalten.',
  keyRemove: 'Schlüssel entfernen',
  save: 'Speichern',
  saved: 'Gespeichert',
}
