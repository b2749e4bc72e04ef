import type { Citation } from '@throughline/protocol'

/** What stands beside a conversation. */
export type PanelView =
  | { readonly kind: 'passage'; readonly citation: Citation; readonly citations: readonly Citation[] }
  | { readonly kind: 'sources'; readonly citations: readonly Citation[] }
  | { readonly kind: 'team'; readonly runId: string; readonly agentId?: string | undefined }
  | { readonly kind: 'inspector' }

/** Shows one view; nothing when it is `undefined`. */
export type ShowPanel = (view: PanelView | undefined) => void
