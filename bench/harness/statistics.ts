/** The middle value; of an even count the lower of the two. NaN of nothing. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** The value that a share of all values does not exceed. NaN of nothing. */
export function percentile(values: readonly number[] | Float64Array, share: number): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/** Slope of the line that fits best, in `y` per `x`; NaN of fewer than two places. */
export function slope(points: readonly { readonly x: number; readonly y: number }[]): number {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length
  const [x, y] = [mean(points.map((point) => point.x)), mean(points.map((point) => point.y))]
  let [together, alone] = [0, 0]
  for (const point of points) {
    together += (point.x - x) * (point.y - y)
    alone += (point.x - x) ** 2
  }
  return together / alone
}
