import type { Timers } from './timers.ts'

/** Those who are told that there may be something new. */
export interface Audience {
  readonly followers: ReadonlySet<{ advance(): void }>
  /** Everybody was told. */
  told(): void
}

interface Round {
  rest: Iterator<{ advance(): void }>
  /** Asked for again meanwhile: those who were told first do not know. */
  again: boolean
}

/** Followers told without looking at the clock: well under a millisecond. */
const STEP = 64

/** What one turn of the event loop may take. */
const SLICE_MS = 4

/**
 * Tells audiences, large ones in slices: between two of them the event loop goes on, and the rounds of several streams
 * take turns. Whoever is told late is given all there is by then, so rounds that overlap become one.
 */
export class Rounds {
  readonly #timers: Timers
  readonly #rounds = new Map<Audience, Round>()
  #isScheduled = false

  constructor(timers: Timers) {
    this.#timers = timers
  }

  tell(audience: Audience): void {
    const round = this.#rounds.get(audience)
    if (round !== undefined) round.again = true
    else if (audience.followers.size <= STEP) {
      for (const follower of audience.followers) follower.advance()
      audience.told()
    } else {
      this.#rounds.set(audience, { rest: audience.followers.values(), again: false })
      if (!this.#isScheduled) this.#run()
    }
  }

  #run(): void {
    const until = this.#timers.monotonic() + SLICE_MS
    // A round that is not at its end goes to the end of the line, where this walk meets it again.
    for (const [audience, round] of this.#rounds) {
      this.#rounds.delete(audience)
      if (!advanceSome(round.rest)) this.#rounds.set(audience, round)
      else {
        audience.told()
        if (round.again) this.#rounds.set(audience, { rest: audience.followers.values(), again: false })
      }
      if (this.#timers.monotonic() >= until) break
    }
    if (this.#rounds.size === 0) return
    this.#isScheduled = true
    this.#timers.schedule(() => {
      this.#isScheduled = false
      this.#run()
    }, 0)
  }
}

/** Whether all were told. */
function advanceSome(rest: Round['rest']): boolean {
  for (let count = 0; count < STEP; count++) {
    const next = rest.next()
    if (next.done === true) return true
    next.value.advance()
  }
  return false
}
