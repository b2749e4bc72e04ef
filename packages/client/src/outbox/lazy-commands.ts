import { StreamError } from '@throughline/protocol'
import type { OutgoingMessage } from '../session/snapshot.ts'
import type { OutboxEntry } from './command.ts'
import type { Commands, CommandsOptions } from './commands.ts'

/** The commands of a session whose code is loaded when it is first watched, to be there when the network is not. */
export interface LazyCommands {
  readonly entries: readonly OutboxEntry[]
  readonly outgoing: readonly OutgoingMessage[]
  /** Loads the code, unless it is there. */
  load(): void
  /** At once when the code is there. @throws StreamError `network_error` when it cannot be had */
  use<T>(act: (commands: Commands) => T | Promise<T>): Promise<T>
  /** What to do when the code is there and nothing otherwise. */
  readonly loaded: Commands | undefined
  /** Forgets everything, also what waits for the code. */
  clear(): void
}

const NONE: readonly never[] = []

export function createLazyCommands(options: CommandsOptions): LazyCommands {
  let loaded: Commands | undefined
  let loading: Promise<Commands> | undefined
  /** Rises when everything is forgotten. */
  let life = 0

  const load = (): Promise<Commands> =>
    (loading ??= import('./commands.ts').then(
      ({ createCommands }) => (loaded = createCommands(options)),
      (cause: unknown) => {
        loading = undefined
        throw new StreamError('network_error', 'The code that sends commands could not be loaded.', { cause })
      },
    ))

  return {
    get entries() {
      return loaded?.entries ?? NONE
    },
    get outgoing() {
      return loaded?.outgoing ?? NONE
    },
    get loaded() {
      return loaded
    },
    load() {
      load().catch(() => undefined)
    },
    async use(act) {
      if (loaded !== undefined) return await act(loaded)
      const mine = life
      const commands = await load()
      if (mine !== life) throw new StreamError('conflict', 'The command was discarded.')
      return await act(commands)
    },
    clear() {
      life++
      loaded?.clear()
    },
  }
}
