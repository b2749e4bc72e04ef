import type { Address, Dialect } from './dialect.ts'
import { openLine, type Line } from './line.ts'
import { openPoster, type Poster } from './poster.ts'
import type { Topic } from './topic.ts'

export interface PublishersOptions {
  readonly dialect: Dialect
  readonly address: Address
  readonly topics: readonly Topic[]
  readonly batch: number | 'lines'
  readonly connections: number
  readonly onFailure: (error: Error) => void
}

/** Whoever publishes as fast as readers and server take it. */
export interface Publishers {
  /** Requests that were refused, so far. */
  readonly refused: number
  start(): Promise<void>
  /** A topic has room again. */
  moved(topic: Topic): void
  stop(): void
}

export function createPublishers(options: PublishersOptions): Publishers {
  return options.batch === 'lines' ? lineWriters(options) : posters({ ...options, batch: options.batch })
}

interface Lane {
  readonly poster: Poster
  readonly topics: readonly Topic[]
  next: number
}

function posters(options: PublishersOptions & { readonly batch: number }): Publishers {
  const { dialect, address, topics, batch, onFailure } = options
  const port = address.publishPort ?? address.port
  const lanes: Lane[] = []
  const laneOf = new Map<Topic, Lane>()
  let refused = 0
  let running = false

  const sendNext = (lane: Lane): void => {
    if (!running || lane.poster.busy) return
    for (let tried = 0; tried < lane.topics.length; tried += 1) {
      const topic = lane.topics[lane.next]
      lane.next = (lane.next + 1) % lane.topics.length
      if (topic?.hasRoom(batch) !== true) continue
      const first = topic.published
      topic.published += batch
      send(lane, topic, first)
      return
    }
  }
  const send = (lane: Lane, topic: Topic, first: number): void => {
    lane.poster.send(dialect.publish(topic, first, batch), (status) => {
      if (status >= 200 && status < 300) sendNext(lane)
      else {
        refused += 1
        if (running) setTimeout(() => running && send(lane, topic, first), 50)
      }
    })
  }

  return {
    get refused() {
      return refused
    },
    async start() {
      const count = Math.min(options.connections, topics.length)
      for (let at = 0; at < count; at += 1) {
        const own = topics.filter((_, index) => index % count === at)
        const lane = { poster: openPoster(port, onFailure), topics: own, next: 0 }
        lanes.push(lane)
        for (const topic of own) laneOf.set(topic, lane)
      }
      running = true
      for (const lane of lanes) sendNext(lane)
    },
    moved(topic) {
      const lane = laneOf.get(topic)
      if (lane !== undefined) sendNext(lane)
    },
    stop() {
      running = false
      for (const { poster } of lanes) poster.close()
    },
  }
}

function lineWriters({ dialect, address, topics, onFailure }: PublishersOptions): Publishers {
  const { lines } = dialect
  if (lines === undefined) throw new Error('this server takes no lines')
  const open = new Map<Topic, Line>()
  const moved = new Set<Topic>()
  let flushing: NodeJS.Immediate | undefined

  const fill = (topic: Topic): void => {
    let text = ''
    while (topic.hasRoom(1)) text += lines.line(topic, topic.published++)
    if (text !== '') open.get(topic)?.write(text)
  }
  return {
    refused: 0,
    async start() {
      for (const topic of topics) {
        const refuse = (status: number): void => onFailure(new Error(`lines were answered ${status}`))
        const line = openLine(
          address.publishPort ?? address.port,
          { onHead: refuse, onBody: () => undefined, onEnd: () => undefined },
          onFailure,
        )
        open.set(topic, line)
        line.write(lines.open(topic))
      }
      await Promise.all([...open.values()].map((line) => line.connected))
      for (const topic of topics) fill(topic)
    },
    moved(topic) {
      moved.add(topic)
      // What one read brought moves together.
      flushing ??= setImmediate(() => {
        flushing = undefined
        for (const each of moved) fill(each)
        moved.clear()
      })
    },
    stop() {
      clearImmediate(flushing)
      for (const line of open.values()) line.close()
    },
  }
}
