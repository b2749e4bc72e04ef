import type { Reducers } from './conversation-edit.ts'

/** What a person changes about the session itself. */
export const sessionReducers = {
  session_updated(edit, data) {
    edit.title = data.title ?? edit.title
    edit.archived = data.archived ?? edit.archived
  },
} satisfies Partial<Reducers>
