/** A binary heap of things by number: the lowest comes first. */
export class OrderHeap<T extends { readonly order: number }> {
  readonly #items: T[] = []

  get size(): number {
    return this.#items.length
  }

  clear(): void {
    this.#items.length = 0
  }

  push(item: T): void {
    let at = this.#items.push(item) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#swapIfBefore(at, parent)) return
      at = parent
    }
  }

  pop(): T | undefined {
    const [lowest] = this.#items
    const last = this.#items.pop()
    if (last === undefined || last === lowest) return lowest
    this.#items[0] = last
    this.#sink()
    return lowest
  }

  #sink(): void {
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const [a, b] = [this.#items[left], this.#items[left + 1]]
      if (a === undefined) return
      const least = b !== undefined && b.order < a.order ? left + 1 : left
      if (!this.#swapIfBefore(least, at)) return
      at = least
    }
  }

  #swapIfBefore(at: number, other: number): boolean {
    const [a, b] = [this.#items[at], this.#items[other]]
    if (a === undefined || b === undefined || a.order >= b.order) return false
    this.#items[at] = b
    this.#items[other] = a
    return true
  }
}
