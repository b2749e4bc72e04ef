import { Failure } from '../failure.mjs'

/** @typedef {{ advisory: string, reason: string }} Exception an advisory's address, and why it does not concern us */

const serious = new Set(['high', 'critical'])

/**
 * Sorts what `npm audit --json` found into what an exception explains and what nobody does.
 * @param {unknown} report
 * @param {readonly Exception[]} exceptions
 * @returns {{ unexplained: string[], explained: string[] }}
 * @throws {Failure} when the registry gave no answer, which is not a good one
 */
export function judgeAudit(report, exceptions) {
  const { vulnerabilities } = /** @type {{ vulnerabilities?: Record<string, { via: unknown[] }> }} */ (
    report ?? {}
  )
  if (vulnerabilities === undefined) {
    throw new Failure('The registry gave no advisories: ask one that has them (npm audit --registry=…).', {
      exitCode: 1,
    })
  }
  const reasons = new Map(exceptions.map(({ advisory, reason }) => [advisory, reason]))
  const unexplained = new Set()
  const explained = new Set()
  for (const [name, { via }] of Object.entries(vulnerabilities)) {
    for (const cause of via) {
      const { severity = '', url = '', title = '' } = /** @type {Record<string, string>} */ (cause)
      // A text names the dependency that has the weakness, which is listed by itself.
      if (typeof cause === 'string' || !serious.has(severity)) continue
      const reason = reasons.get(url)
      const line = `${severity} in ${name}: ${title} (${url})`
      if (reason === undefined) unexplained.add(line)
      else explained.add(`${line}\n  does not concern us: ${reason}`)
    }
  }
  return { unexplained: [...unexplained], explained: [...explained] }
}
