import { DurableStreamTestServer } from '@durable-streams/server'
import { port } from './topics.mjs'

const dataDir = process.env['DATA_DIR']
const server = new DurableStreamTestServer({
  port,
  host: '127.0.0.1',
  compression: false,
  ...(process.env['STORE'] === 'file' && { dataDir }),
})
await server.start()
