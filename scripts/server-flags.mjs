/**
 * What Node is started with wherever it serves streams. V8's young generation has its full size from the beginning: it
 * would get there anyway, by collecting what is needed again at once. @type {readonly string[]}
 */
export const serverFlags = ['--min-semi-space-size=16']
