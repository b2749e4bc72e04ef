/** How the interface looks, moves and speaks, as far as somebody chose. */
export interface Preferences {
  readonly theme?: 'system' | 'light' | 'dark'
  readonly motion?: 'system' | 'reduced'
  readonly direction?: 'ltr' | 'rtl'
  readonly language?: 'system' | 'en' | 'de'
}

/** A person's own model provider. */
export interface ProviderView {
  readonly baseUrl: string
  readonly model: string
  /** The key's last characters; `unreadable`: the server's secret has changed, and it must be given anew. */
  readonly key: { readonly state: 'set'; readonly endsIn: string } | { readonly state: 'none' | 'unreadable' }
}

/** What `/api/settings` answers. Never a key. */
export interface SettingsView {
  readonly preferences: Preferences
  /** `null`: the server's model, or the built-in team. */
  readonly provider: ProviderView | null
  /** The model that answers without a provider of one's own; `null`: the built-in team quotes. */
  readonly serverModel: string | null
}
