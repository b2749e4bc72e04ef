import type { SQLOutputValue } from 'node:sqlite'

/** One row as SQLite gives it. */
export type Row = Record<string, SQLOutputValue>

/** The text in a column declared `TEXT NOT NULL`. @throws TypeError if the schema says otherwise. */
export function textColumn(row: Row, name: string): string {
  const value = row[name]
  if (typeof value !== 'string') throw new TypeError(`Column ${name} holds no text`)
  return value
}

/** The number in a column declared `INTEGER` or `REAL NOT NULL`. @throws TypeError if the schema says otherwise. */
export function numberColumn(row: Row, name: string): number {
  const value = row[name]
  if (typeof value !== 'number') throw new TypeError(`Column ${name} holds no number`)
  return value
}

/** The text in a column that may be null. */
export function optionalTextColumn(row: Row, name: string): string | null {
  return row[name] === null ? null : textColumn(row, name)
}
