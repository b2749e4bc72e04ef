/** Numbers in [0, 1) that a seed decides. */
export interface Random {
  readonly seed: number
  next(): number
  /** A whole number, both ends included. */
  between(least: number, most: number): number
  pick<T>(items: readonly [T, ...T[]]): T
}

/** A seed from `FAULT_SEED`, or a new one for each run. */
export function chooseSeed(): number {
  return Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000_007)
}

/** The same numbers for the same seed: a Weyl sequence, scrambled. */
export function createRandom(seed: number): Random {
  let at = seed >>> 0
  const next = (): number => {
    at = (at + 0x9e3779b9) >>> 0
    let mixed = Math.imul(at ^ (at >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1))
  return {
    seed,
    next,
    between,
    pick: (items) => items[between(0, items.length - 1)] ?? items[0],
  }
}
