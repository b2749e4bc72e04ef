import type { Message } from '@throughline/protocol'

/** Which child a viewer chose, by the place it is at. */
export type BranchChoices = ReadonlyMap<string, string>

/** The place of a message in the tree: those at the same place are branches of one another. */
export function placeOf({ parentId, role }: Pick<Message, 'parentId' | 'role'>): string {
  return `${role}:${parentId ?? ''}`
}

/**
 * The path through the tree of messages that is shown: at each place the chosen branch, else the one with the newest
 * message in it.
 *
 * Below a message come its answer and all that follows from it, then what the person had already written behind it:
 * a message sent during a run has the same parent as the answer that was still to come. `messages` itself when there
 * are no branches and all are in order.
 * @param messages in the order they began, which puts parents before children
 */
export function shownBranch(messages: readonly Message[], choices: BranchChoices): readonly Message[] {
  const held = new Set(messages.map(({ id }) => id))
  const places = new Map<string, Message[]>()
  for (const message of messages) {
    const place = placeOf(message)
    const branches = places.get(place)
    if (branches === undefined) places.set(place, [message])
    else branches.push(message)
  }
  const newest = newestBelow(messages)
  const choose = (place: string): Message | undefined => {
    const branches = places.get(place) ?? []
    const chosen = choices.get(place)
    return (
      branches.find(({ id }) => id === chosen) ??
      branches.reduce<Message | undefined>(newer(newest), undefined)
    )
  }
  const shown: Message[] = []
  const open = rootPlaces(messages, held, newest)
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const message = choose(place)
    if (message === undefined) continue
    shown.push(message)
    open.push(`user:${message.id}`, `assistant:${message.id}`)
  }
  return shown.length === messages.length && shown.every((message, at) => message === messages[at])
    ? messages
    : shown
}

/** For each message the branches at its place. A list in `before` that says the same stays. */
export function siblingLists(
  messages: readonly Message[],
  before: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>()
  for (const message of messages) {
    const ids = places.get(placeOf(message))
    if (ids === undefined) places.set(placeOf(message), [message.id])
    else ids.push(message.id)
  }
  const lists = new Map<string, readonly string[]>()
  for (const ids of places.values()) for (const id of ids) lists.set(id, keepList(before.get(id), ids))
  return lists
}

/** The list before when the one after holds the same. */
export function keepList<T>(before: readonly T[] | undefined, after: readonly T[]): readonly T[] {
  const isSame = before?.length === after.length && after.every((item, at) => item === before[at])
  return before !== undefined && isSame ? before : after
}

/** Where to begin, last first: at the messages whose parent is not held, those with the newest message below. */
function rootPlaces(
  messages: readonly Message[],
  held: ReadonlySet<string>,
  newest: ReadonlyMap<string, number>,
): string[] {
  const roots = messages.filter(({ parentId }) => parentId === null || !held.has(parentId))
  const latest = roots.reduce<Message | undefined>(newer(newest), undefined)
  return latest === undefined ? [] : [`user:${latest.parentId ?? ''}`, `assistant:${latest.parentId ?? ''}`]
}

/** For each message the place in order of the newest one below it, itself included. */
function newestBelow(messages: readonly Message[]): ReadonlyMap<string, number> {
  const newest = new Map<string, number>()
  messages.forEach(({ id }, at) => newest.set(id, at))
  for (const { id, parentId } of messages.toReversed()) {
    if (parentId !== null && newest.has(parentId)) {
      newest.set(parentId, Math.max(newest.get(parentId) ?? 0, newest.get(id) ?? 0))
    }
  }
  return newest
}

function newer(newest: ReadonlyMap<string, number>) {
  return (a: Message | undefined, b: Message): Message =>
    a !== undefined && (newest.get(a.id) ?? 0) > (newest.get(b.id) ?? 0) ? a : b
}
