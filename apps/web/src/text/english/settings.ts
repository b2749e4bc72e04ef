/** What the settings screen says, beside what it shares with the account. */
export const settings = {
  appearance: 'Appearance',
  theme: 'Theme',
  motion: 'Motion',
  motionSystem: 'As the device has it',
  motionReduced: 'Reduced',
  direction: 'Layout',
  language: 'Language',
  languageSystem: 'As the browser has it',
  model: 'Model',
  modelText: 'With a key of your own, your questions go to your provider, at your expense. Nobody else’s do.',
  modelWho: 'Answers to your questions are written by',
  modelServer: (model: string | null) =>
    model === null ? 'the built-in team, which quotes and invents nothing' : `the server’s model, ${model}`,
  modelOwn: 'a model of my own provider',
  providerUrl: 'Address',
  providerUrlHint: 'Any OpenAI-compatible server, up to and with /v1.',
  providerModel: 'Model',
  providerModelHint: 'As the provider names it.',
  providerKey: 'Key',
  providerKeyHint: 'Kept sealed on the server and used for your questions only. It is never shown again.',
  keySet: (endsIn: string) => (endsIn === '' ? 'A key is set.' : `A key is set, it ends in ${endsIn}.`),
  keyUnreadable: 'The key can no longer be read: enter it again.',
  keyKeep: 'Leave empty to keep it.',
  keyRemove: 'Remove the key',
  save: 'Save',
  saved: 'Saved',
}

/** These sentences in one language. */
export type SettingsStrings = typeof settings
