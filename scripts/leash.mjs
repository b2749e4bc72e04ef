import { isMainThread } from 'node:worker_threads'

// Preloaded into the server by start.mjs. The server has a process group of its own, so whoever kills the group of
// `npm start` outright would leave it behind, holding the port; when the launcher is gone, so are we.
if (isMainThread && process.env['THROUGHLINE_LAUNCHER'] === String(process.ppid)) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  process.channel?.unref()
}
