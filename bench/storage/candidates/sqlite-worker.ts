import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

const { file, sync } = workerData as { file: string; sync: boolean }
const db = new DatabaseSync(file)
db.exec(`pragma journal_mode = wal; pragma synchronous = ${sync ? 'full' : 'off'}`)
db.exec(
  'create table if not exists events (id integer primary key, stream integer, place integer, body text)',
)
const insert = db.prepare('insert into events (stream, place, body) values (?, ?, ?)')

type Request =
  { kind: 'write'; rows: [number, number, string][] } | { kind: 'read'; ids: number[] } | { kind: 'close' }

parentPort?.on('message', (request: Request) => {
  if (request.kind === 'write') {
    db.exec('begin')
    let last = 0
    for (const [stream, place, body] of request.rows)
      last = Number(insert.run(stream, place, body).lastInsertRowid)
    db.exec('commit')
    parentPort?.postMessage(last)
  } else if (request.kind === 'read') {
    const rows = db.prepare(`select body from events where id in (${request.ids.join(',')})`).all()
    parentPort?.postMessage(rows.map((row) => row['body']))
  } else {
    db.close()
    parentPort?.postMessage(null)
  }
})
