import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from '@throughline/log/testing/free-port'

const CONFIG = join(import.meta.dirname, '..', '..', 'deploy', 'nginx.conf')

export interface Nginx {
  readonly port: number
  /** Over TLS, with a certificate nobody vouches for. */
  readonly url: string
  /** Of that certificate, for clients that shall trust it. */
  readonly certificate: string
  dispose(): Promise<void>
}

export interface NginxOptions {
  /** Ports of the nodes behind it: three, as many as the deployment has. */
  readonly nodes: readonly number[]
  /** Default `true`; without, readers of a large test need not pay for it. */
  readonly tls?: boolean
  /** Pieces of the configuration that are other ones here; each must be there. */
  readonly replace?: Readonly<Record<string, string>>
}

/** Runs `deploy/nginx.conf` with nothing changed but addresses, files and what is asked for. */
export async function startNginx({ nodes, tls = true, replace = {} }: NginxOptions): Promise<Nginx> {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-nginx-'))
  const [port, plainPort] = [await freePort(), await freePort()]
  const [certificateFile, keyFile] = [join(folder, 'tls.crt'), join(folder, 'tls.key')]
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-keyout', keyFile, '-out', certificateFile],
  ])
  const changes: Record<string, string> = {
    'listen 80;': `listen 127.0.0.1:${plainPort};`,
    'listen 443 ssl http2;': `listen 127.0.0.1:${port}${tls ? ' ssl http2' : ''};`,
    '/etc/nginx/tls/tls.crt': certificateFile,
    '/etc/nginx/tls/tls.key': keyFile,
    'access_log /dev/stdout plain;': 'access_log off;',
    'error_log /dev/stderr warn;': `error_log ${join(folder, 'error.log')} warn;`,
    'worker_processes auto;': 'worker_processes 1;\ndaemon off;',
    'worker_rlimit_nofile 65536;': 'worker_rlimit_nofile 16384;',
    'worker_connections 32768;': 'worker_connections 8192;',
    ...Object.fromEntries(nodes.map((node, at) => [`app${at + 1}:3000`, `127.0.0.1:${node}`])),
    ...replace,
  }
  let config = await readFile(CONFIG, 'utf8')
  for (const [piece, other] of Object.entries(changes)) {
    if (!config.includes(piece)) throw new Error(`deploy/nginx.conf has no ${piece}`)
    config = config.replaceAll(piece, other)
  }
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `  ${kind}_temp_path ${join(folder, kind)};\n`)
    .join('')
  config = `pid ${join(folder, 'pid')};\n${config.replace('http {\n', `http {\n${temporary}`)}`
  const file = join(folder, 'nginx.conf')
  await writeFile(file, config)

  const child = spawn('nginx', ['-c', file, '-p', folder, '-e', join(folder, 'start.log')], {
    stdio: 'ignore',
    env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` },
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const deadline = Date.now() + 15_000
  while (!(await answers(plainPort))) {
    if (child.exitCode !== null || Date.now() > deadline)
      throw new Error(`nginx did not start:\n${await readFile(join(folder, 'start.log'), 'utf8')}`)
    await wait(20)
  }
  return {
    port,
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    certificate: await readFile(certificateFile, 'utf8'),
    async dispose() {
      child.kill('SIGTERM')
      await exited
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function answers(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual' }).catch(() => undefined)
  return answer?.status === 301
}
