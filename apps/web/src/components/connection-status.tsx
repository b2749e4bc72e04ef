'use client'

import type { ConnectionInfo } from '@throughline/react'
import { useConnection } from '@throughline/react'
import { CloudOff, LoaderCircle } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { strings } from '@/text/strings'
import { ReconnectingIndicator } from './reconnecting-indicator'
import { Alert } from './ui/alert'

/** A drop that heals within this is nobody's business, in milliseconds. */
const QUIET_MS = 1_500

/** One quiet line once the connection has been down for a while; gone when bytes flow. It floats: nothing moves. */
export function ConnectionStatus({ sessionId }: { sessionId: string }) {
  const connection = useConnection(sessionId)
  const down = isDown(connection)
  const overdue = useOverdue(down)
  if (!down || !overdue) return null
  return (
    <div
      data-testid="connection-banner"
      className="pointer-events-none absolute inset-x-0 top-2 z-30 mx-auto w-fit max-w-[calc(100%-1.5rem)]"
    >
      <div className="pointer-events-auto rounded-lg shadow-md">
        <Banner connection={connection} />
      </div>
    </div>
  )
}

function Banner({ connection }: { connection: ConnectionInfo }) {
  const retry = (
    <button type="button" onClick={connection.retryNow} className="font-medium underline underline-offset-3">
      {strings.retryNow}
    </button>
  )
  const line = (icon: ReactNode, text: ReactNode, tone: 'warn' | 'bad', action?: ReactNode) => (
    <Alert tone={tone} icon={icon} action={action} urgent={tone === 'bad'}>
      {text}
    </Alert>
  )
  const spinner = <LoaderCircle aria-hidden className="size-4 animate-spin" />
  switch (connection.status) {
    case 'offline':
      return line(<CloudOff aria-hidden className="size-4" />, strings.offline, 'warn')
    case 'failed':
      return connection.code === 'auth_error'
        ? line(
            null,
            strings.signedOut,
            'bad',
            <a href="/" className="font-medium underline underline-offset-3">
              {strings.signInAgain}
            </a>,
          )
        : line(null, strings.connectionFailed, 'bad', retry)
    case 'waiting':
      return line(
        spinner,
        <ReconnectingIndicator attempt={connection.attempt} retryAt={connection.retryAt} />,
        'warn',
        retry,
      )
    default:
      return line(spinner, connection.attempt > 0 ? strings.reconnecting : strings.connecting, 'warn')
  }
}

function isDown({ status }: ConnectionInfo): boolean {
  return (
    status === 'connecting' ||
    status === 'waiting' ||
    status === 'offline' ||
    status === 'failed' ||
    status === 'authenticating'
  )
}

function useOverdue(down: boolean): boolean {
  const [overdue, setOverdue] = useState(false)
  useEffect(() => {
    if (!down) return
    const timer = setTimeout(() => {
      setOverdue(true)
    }, QUIET_MS)
    return () => {
      clearTimeout(timer)
      setOverdue(false)
    }
  }, [down])
  return overdue
}
