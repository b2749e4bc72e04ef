/**
 * Goes on with a value that may still be coming: at once when it is there. What a hot route waits for is nearly always
 * at hand, and to wait for it all the same costs more than the work.
 */
export function after<T, U>(value: T | Promise<T>, go: (value: T) => U): U | Promise<Awaited<U>> {
  return value instanceof Promise ? (value.then(go) as Promise<Awaited<U>>) : go(value)
}
