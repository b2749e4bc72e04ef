import { Feed, type FeedOptions, type Follower } from './feed.ts'

export interface FeedsOptions extends Omit<FeedOptions, 'stream'> {
  readonly pollMs: number
  readonly random: () => number
}

/** The streams followed now, each by one feed that lives as long as somebody follows it. */
export class Feeds {
  readonly #options: FeedsOptions
  readonly #feeds = new Map<string, Feed>()
  readonly #polls = new Map<Feed, number>()

  constructor(options: FeedsOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#feeds.size
  }

  get(stream: string): Feed | undefined {
    return this.#feeds.get(stream)
  }

  follow(stream: string, follower: Follower): Feed {
    let feed = this.#feeds.get(stream)
    if (feed === undefined) {
      feed = new Feed({ ...this.#options, stream })
      this.#feeds.set(stream, feed)
      // Many may come at once, after a restart: the first look is anywhere within the interval.
      this.#polls.set(feed, this.#options.now() + this.#options.pollMs * this.#options.random())
    }
    feed.followers.add(follower)
    return feed
  }

  leave(feed: Feed, follower: Follower): void {
    feed.followers.delete(follower)
    if (feed.followers.size > 0 || this.#feeds.get(feed.stream) !== feed) return
    this.#feeds.delete(feed.stream)
    this.#polls.delete(feed)
    feed.close()
  }

  /** Lets every feed whose time has come look at the log, one at each step: the floor when hints are lost. */
  *poll(): Generator<undefined> {
    const now = this.#options.now()
    for (const [feed, at] of this.#polls) {
      if (at > now) continue
      this.#polls.set(feed, this.#nextPoll())
      void feed.poll()
      yield
    }
  }

  #nextPoll(): number {
    return this.#options.now() + this.#options.pollMs * (0.9 + this.#options.random() * 0.2)
  }
}
