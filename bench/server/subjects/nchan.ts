import { accessSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@throughline/log/testing/free-port'
import type { Subject } from '../subject.ts'
import { startProcess } from '../subject-process.ts'

const NGINX = '/usr/sbin/nginx'
const MODULE = '/usr/lib/nginx/modules/ngx_nchan_module.so'

/** Nchan in Debian's nginx: one worker, memory only. */
export const nchan: Subject = {
  name: 'Nchan (nginx)',
  can: { history: true },
  missing: () =>
    [NGINX, MODULE].every(exists) ? undefined : 'apt-get install -y nginx libnginx-mod-nchan brings it',
  async start() {
    const port = await freePort()
    const folder = await mkdtemp(join(tmpdir(), 'throughline-bench-nchan-'))
    const file = join(folder, 'nginx.conf')
    await writeFile(file, configuration(folder, port))
    const running = await startProcess({ command: [NGINX, '-c', file, '-p', folder], port, env: {} })
    const workers = await workersOf(running.pids)
    return {
      address: { dialect: 'nchan', port },
      pids: [...running.pids, ...workers],
      async stop() {
        await running.stop()
        await rm(folder, { recursive: true, force: true })
      },
    }
  },
}

function configuration(folder: string, port: number): string {
  const subscriber = 'nchan_subscriber eventsource; nchan_channel_id $1; nchan_subscriber_timeout 0;'
  return `
load_module ${MODULE};
worker_processes 1;
worker_rlimit_nofile 20000;
daemon off;
pid ${folder}/nginx.pid;
error_log stderr crit;
events { worker_connections 15000; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_requests 100000000;
  nchan_shared_memory_size 512M;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location ~ ^/publish/(\\d+)$ {
      nchan_publisher; nchan_channel_id $1; nchan_message_buffer_length 20000; nchan_message_timeout 30s;
    }
    location ~ ^/subscribe/(\\d+)$ { ${subscriber} nchan_subscriber_first_message newest; }
    location ~ ^/replay/(\\d+)$ { ${subscriber} nchan_subscriber_first_message oldest; }
  }
}
`
}

function exists(path: string): boolean {
  try {
    accessSync(path)
    return true
  } catch {
    return false
  }
}

/** The master listens before its worker is there. @throws when none comes */
async function workersOf(masters: readonly number[]): Promise<readonly number[]> {
  for (let tries = 0; tries < 100; tries += 1) {
    const workers = masters.flatMap(childrenOf)
    if (workers.length > 0) return workers
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('nginx started no worker')
}

function childrenOf(pid: number): number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim()
  return list === '' ? [] : list.split(' ').map(Number)
}
