/**
 * Which packages each package may import, itself aside; ARCHITECTURE.md draws it. The structure check and the lint
 * rules both read this table.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const layers = {
  protocol: [],
  log: ['protocol'],
  server: ['protocol', 'log'],
  agents: ['protocol', 'log', 'server'],
  client: ['protocol'],
  react: ['protocol', 'client'],
  web: ['protocol', 'log', 'server', 'agents', 'client', 'react'],
}

/** What every package's name begins with. */
export const scope = '@throughline/'
