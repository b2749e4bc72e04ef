import type { Commands } from '../outbox/commands.ts'
import type { LazyCommands } from '../outbox/lazy-commands.ts'
import type { Session } from './session.ts'

/** What a person tells a session, as functions that may be passed around by themselves. */
export type Verbs = Pick<
  Session,
  'send' | 'retry' | 'discard' | 'stop' | 'regenerate' | 'edit' | 'continueRun' | 'resolve' | 'steer'
>

export function createVerbs(commands: LazyCommands): Verbs {
  const tell = <T>(act: (loaded: Commands) => T | Promise<T>): Promise<T> => {
    const promise = commands.use(act)
    // The outbox shows the refusal, so whoever does not look at the promise misses nothing.
    promise.catch(() => undefined)
    return promise
  }
  return {
    send: (message) => tell(({ send }) => send(message)),
    retry: (id) => tell(({ retry }) => retry(id)),
    discard: async (id) => (await commands.loaded?.discard(id)) ?? false,
    stop: (runId) => tell(({ stop }) => stop(runId)),
    regenerate: (messageId, options) => tell(({ regenerate }) => regenerate(messageId, options)),
    edit: (messageId, content, options) => tell(({ edit }) => edit(messageId, content, options)),
    continueRun: (runId, options) => tell(({ continueRun }) => continueRun(runId, options)),
    resolve: (inputId, decision, value) => tell(({ resolve }) => resolve(inputId, decision, value)),
    steer: (content, runId) => tell(({ steer }) => steer(content, runId)),
  }
}
