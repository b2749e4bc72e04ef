'use client'

import type { ConnectionInfo } from '@throughline/react'
import { useConnection } from '@throughline/react'
import { CloudOff, LoaderCircle, MonitorSmartphone, Radio, TriangleAlert, X } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { useStrings } from '@/text/use-strings'
import { announce } from './announcer'
import { troubleOf, type Trouble } from './connection-trouble'
import { ReconnectingIndicator } from './reconnecting-indicator'
import { Alert } from './ui/alert'

/** A drop that heals within this is nobody's business, in milliseconds. */
const QUIET_MS = 1_500

/** One quiet line once the connection has been down for a while; gone when bytes flow. It floats: nothing moves. */
export function ConnectionStatus({ sessionId }: { sessionId: string }) {
  const strings = useStrings()
  const connection = useConnection(sessionId)
  const trouble = troubleOf(connection)
  const overdue = useOverdue(trouble !== undefined)
  const [dismissed, setDismissed] = useState<Trouble>()
  const shown = overdue && trouble !== dismissed ? trouble : undefined
  useEffect(() => {
    if (shown !== undefined) announce(strings.connection[shown])
  }, [shown, strings])
  if (shown === undefined) return null
  return (
    <div
      data-testid="connection-banner"
      data-trouble={shown}
      className="pointer-events-none absolute inset-x-0 top-15 z-20 mx-auto w-fit max-w-[calc(100%-1.5rem)]"
    >
      <div className="pop pointer-events-auto rounded-lg bg-canvas shadow-lg">
        <Banner
          trouble={shown}
          connection={connection}
          onDismiss={() => {
            setDismissed(shown)
          }}
        />
      </div>
    </div>
  )
}

interface BannerProps {
  readonly trouble: Trouble
  readonly connection: ConnectionInfo
  readonly onDismiss: () => void
}

const ICONS: Record<Trouble, ReactNode> = {
  connecting: <LoaderCircle aria-hidden className="size-4 animate-spin" />,
  reconnecting: <LoaderCircle aria-hidden className="size-4 animate-spin" />,
  offline: <CloudOff aria-hidden className="size-4" />,
  polling: <Radio aria-hidden className="size-4" />,
  signed_out: <TriangleAlert aria-hidden className="size-4" />,
  other_tab: <MonitorSmartphone aria-hidden className="size-4" />,
  failed: <TriangleAlert aria-hidden className="size-4" />,
}

function Banner({ trouble, connection, onDismiss }: BannerProps) {
  const strings = useStrings()
  const urgent = trouble === 'failed' || trouble === 'signed_out'
  const tone = urgent ? 'bad' : trouble === 'polling' || trouble === 'other_tab' ? 'info' : 'warn'
  return (
    <Alert tone={tone} icon={ICONS[trouble]} urgent={urgent} action={action()}>
      {trouble === 'reconnecting' && connection.attempt > 0 ? (
        <ReconnectingIndicator attempt={connection.attempt} retryAt={connection.retryAt} />
      ) : (
        strings.connection[trouble]
      )}
      {trouble === 'reconnecting' && connection.role === 'follower' && ` ${strings.carriedByOtherTab}`}
    </Alert>
  )

  function action(): ReactNode {
    switch (trouble) {
      case 'signed_out':
        return (
          <a href="/" className="font-medium underline underline-offset-3">
            {strings.signInAgain}
          </a>
        )
      case 'polling':
        return (
          <button type="button" aria-label={strings.close} onClick={onDismiss}>
            <X className="size-4" />
          </button>
        )
      case 'connecting':
        return null
      default:
        return (
          <button
            type="button"
            onClick={connection.retryNow}
            className="font-medium whitespace-nowrap underline underline-offset-3"
          >
            {trouble === 'other_tab' ? strings.useHere : strings.retryNow}
          </button>
        )
    }
  }
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
