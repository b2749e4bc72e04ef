/** @typedef {{ current?: string, latest?: string }} Line one dependency as `npm outdated --json` tells of it */

/**
 * Dependencies that have a later patch of the very line that is installed: where weaknesses are mended.
 * @param {unknown} outdated
 * @returns {string[]}
 */
export function laterPatches(outdated) {
  const lines = /** @type {Record<string, Line | Line[]>} */ (outdated ?? {})
  const later = Object.entries(lines).flatMap(([name, told]) =>
    [told]
      .flat()
      .filter(({ current = '', latest = '' }) => isLaterPatch(current, latest))
      .map(({ current, latest }) => `${name} ${current} has a later patch: ${latest}`),
  )
  return [...new Set(later)]
}

/**
 * @param {string} current
 * @param {string} latest
 */
function isLaterPatch(current, latest) {
  const [is, was] = [latest, current].map((version) => /^(\d+\.\d+)\.(\d+)$/.exec(version))
  return is !== null && was !== null && is?.[1] === was?.[1] && Number(is?.[2]) > Number(was?.[2])
}
