/** What Node is started with wherever it serves streams. @type {readonly string[]} */
export const serverFlags = []
