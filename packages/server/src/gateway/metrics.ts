import type { Services } from './services.ts'

/** What the hub counts, in the text format that Prometheus reads. */
export function metricsText({ hub, connections }: Services): string {
  const { subscribers, streams, blocked, closes, resumes } = hub.stats()
  return [
    gauge('throughline_connections', 'Open streams and waiting polls.', connections.count()),
    gauge('throughline_subscribers', 'Readers of streams.', subscribers),
    gauge('throughline_subscribers_blocked', 'Readers whose socket takes nothing now.', blocked),
    gauge('throughline_streams_followed', 'Streams that somebody reads.', streams),
    counters('throughline_closes_total', { help: 'Streams ended, by cause.', label: 'reason' }, closes),
    counters('throughline_resumes_total', { help: 'Streams begun, by how.', label: 'kind' }, resumes),
  ].join('\n')
}

function gauge(name: string, help: string, value: number): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${String(value)}`
}

function counters(
  name: string,
  { help, label }: { help: string; label: string },
  values: Readonly<Record<string, number>>,
): string {
  const lines = Object.entries(values).map(([key, value]) => `${name}{${label}="${key}"} ${String(value)}`)
  return [`# HELP ${name} ${help}`, `# TYPE ${name} counter`, ...lines].join('\n')
}
