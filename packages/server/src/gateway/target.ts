/** The path of a request's target. */
export function pathOf(url: string): string {
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}

/** Of all requests without one; nobody writes to a query. */
const NO_QUERY = new URLSearchParams()

/** Its query. */
export function queryOf(url: string): URLSearchParams {
  const query = url.indexOf('?')
  return query === -1 ? NO_QUERY : new URLSearchParams(url.slice(query + 1))
}
