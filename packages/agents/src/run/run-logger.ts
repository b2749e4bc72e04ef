/** Where the operator's log lines go; a pino logger is one. Fields never carry a key or a person's text. */
export interface RunLogger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Says nothing. */
export const silentLogger: RunLogger = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}
