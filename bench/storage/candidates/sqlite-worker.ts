import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

const { file, sync, indexed } = workerData as { file: string; sync: boolean; indexed: boolean }
const db = new DatabaseSync(file)
db.exec(`pragma journal_mode = wal; pragma synchronous = ${sync ? 'full' : 'off'}`)
db.exec('create table events (id integer primary key, stream integer, place integer, body text)')
if (indexed) db.exec('create unique index place on events (stream, place)')
const insert = db.prepare('insert into events (stream, place, body) values (?, ?, ?)')
const byPlace = indexed
  ? db.prepare('select body from events where stream = ? and place > ? order by place limit 1000')
  : undefined

type Request =
  | { kind: 'write'; rows: [number, number, string][] }
  | { kind: 'ids'; ids: number[] }
  | { kind: 'after'; stream: number; after: number }
  | { kind: 'close' }

function answer(request: Request): unknown {
  switch (request.kind) {
    case 'write': {
      db.exec('begin')
      let last = 0
      for (const row of request.rows) last = Number(insert.run(...row).lastInsertRowid)
      db.exec('commit')
      return last
    }
    case 'ids': {
      const rows = db.prepare(`select body from events where id in (${request.ids.join(',')})`).all()
      return rows.map((row) => row['body'])
    }
    case 'after':
      return byPlace?.all(request.stream, request.after).map((row) => row['body'])
    case 'close':
      db.close()
      return null
  }
}

parentPort?.on('message', (request: Request) => {
  parentPort?.postMessage(answer(request))
})
