import type { LogDriver } from '../../log-driver.ts'

/** What a driver must do, by sentence. */
export type DriverCases = Readonly<Record<string, (driver: LogDriver) => Promise<void>>>

/** What must survive: `first` is disposed by the case, `reopen` opens the same storage. */
export type RestartCases = Readonly<
  Record<string, (first: LogDriver, reopen: () => Promise<LogDriver>) => Promise<void>>
>
