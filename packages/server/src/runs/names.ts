/** Names that begin like this are the server's own: a producer of the outside cannot stand in for one. */
const RESERVED = '__'

/** Longest name a client may choose for a message or a run, so that every name made from it is one. */
export const MAX_CLIENT_ID_LENGTH = 56

/** Whether a producer's name is kept for the server. */
export function isReservedName(name: string): boolean {
  return name.startsWith(RESERVED)
}

/** The run that a client asked for under a name of its own: asked for again, it is the same run. */
export function runOf(clientId: string): string {
  return `r_${clientId}`
}

/** Under which a client's command is appended: it has one batch, so that a repeat is known for one. */
export function commandProducer(clientId: string): string {
  return `${RESERVED}m_${clientId}`
}

/** Under which an answer to a request of a run is appended: the first one counts. Hashed, for it is too long else. */
export async function inputProducer(runId: string, inputId: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${runId} ${inputId}`))
  return `${RESERVED}i_${Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, 48)}`
}

/** Under which one owner of a run appends. */
export function runProducer(runId: string, fence: number): string {
  return `w${String(fence)}_${runId}`.slice(0, 64)
}
