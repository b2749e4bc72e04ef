/**
 * Who follows which topic, for the servers that keep no history: `GET /streams/A` follows, `POST /streams/A` publishes.
 * @template Reader
 */
export function createTopics() {
  /** @type {Map<string, Set<Reader>>} */
  const topics = new Map()
  return {
    /** @param {string} name @param {Reader} reader */
    join(name, reader) {
      const readers = topics.get(name) ?? new Set()
      topics.set(name, readers)
      readers.add(reader)
    },
    /** @param {string} name @param {Reader} reader */
    leave(name, reader) {
      const readers = topics.get(name)
      readers?.delete(reader)
      if (readers?.size === 0) topics.delete(name)
    },
    /** @param {string} name @returns {Iterable<Reader>} */
    of: (name) => topics.get(name) ?? [],
  }
}

/** Numbers a topic's events, as an SSE `id` wants it. */
export function createNumbers() {
  /** @type {Map<string, number>} */
  const last = new Map()
  return (/** @type {string} */ name) => {
    const number = (last.get(name) ?? 0) + 1
    last.set(name, number)
    return number
  }
}

export const port = Number(process.env['PORT'])
export const STREAM_HEADERS = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' }
