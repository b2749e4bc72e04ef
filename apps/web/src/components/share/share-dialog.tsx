'use client'

import { useState, type SyntheticEvent } from 'react'
import { regional } from '@/text/language'
import { useShareStrings } from '@/text/share-strings'
import { useStrings } from '@/text/use-strings'
import { useTask } from '../account/use-task'
import { Alert } from '../ui/alert'
import { Button } from '../ui/button'
import { CopyButton } from '../ui/copy-button'
import { Choice } from '../ui/field'
import { Modal } from '../ui/modal'
import { linkOf, useShares, type Share } from './use-shares'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const LIVES = { hour: HOUR_MS, day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS, always: null } as const
type Life = keyof typeof LIVES
const CHOICES = ['hour', 'day', 'week', 'month', 'always'] as const

export interface ShareDialogProps {
  readonly sessionId: string
  readonly onClose: () => void
}

/** Makes read-only links to a conversation, lists them and revokes them. */
export default function ShareDialog({ sessionId, onClose }: ShareDialogProps) {
  const strings = useShareStrings()
  const { shares, error, create, revoke } = useShares(sessionId)
  const [life, setLife] = useState<Life>('week')
  const [link, setLink] = useState<string>()
  const [revoked, setRevoked] = useState(false)
  const { busy, problem, run } = useTask()

  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    setRevoked(false)
    void run(async () => {
      setLink(linkOf(await create(LIVES[life])))
    })
  }
  const end = (id: string) => {
    void run(async () => {
      await revoke(id)
      // The link just made may be the one.
      setLink((shown) => (shown?.includes(`/shared/${id}#`) === true ? undefined : shown))
      setRevoked(true)
    })
  }

  return (
    <Modal title={strings.shareTitle} onClose={onClose}>
      <div className="space-y-5 p-5">
        <p className="text-sm leading-relaxed text-soft">{strings.shareText}</p>
        <form onSubmit={submit} className="space-y-4">
          <Choice
            inline
            legend={strings.shareExpires}
            name="share-life"
            value={life}
            onChoose={setLife}
            choices={CHOICES.map((value) => ({ value, label: strings.shareLives[value] }))}
          />
          <Button type="submit" variant="primary" disabled={busy}>
            {busy ? strings.working : strings.shareCreate}
          </Button>
        </form>
        {link !== undefined && (
          <div className="flex items-center gap-2 rounded-lg border border-accent bg-accent-soft p-2 ps-3">
            <input
              readOnly
              dir="ltr"
              aria-label={strings.shareLink}
              value={link}
              onFocus={(event) => {
                event.target.select()
              }}
              className="min-w-0 flex-1 bg-transparent font-mono text-xs"
            />
            <CopyButton text={link} label={strings.shareCopy} />
          </div>
        )}
        {problem !== undefined && (
          <Alert tone="bad" urgent>
            {problem}
          </Alert>
        )}
        <p role="status" className="sr-only">
          {revoked && strings.shareRevoked}
        </p>
        <section aria-label={strings.shareList}>
          <h3 className="mb-2 text-sm font-medium">{strings.shareList}</h3>
          {shares === undefined && (
            <p className="text-sm text-soft">{error === null ? strings.loading : strings.loadFailed}</p>
          )}
          {shares?.length === 0 && <p className="text-sm text-soft">{strings.shareNone}</p>}
          <ul className="divide-y divide-line">
            {shares?.map((share) => (
              <ShareRow
                key={share.id}
                share={share}
                onRevoke={() => {
                  end(share.id)
                }}
              />
            ))}
          </ul>
        </section>
      </div>
    </Modal>
  )
}

function ShareRow({ share, onRevoke }: { share: Share; onRevoke: () => void }) {
  const { locale } = useStrings()
  const strings = useShareStrings()
  const { createdAt, expiresAt } = share
  const dates = new Intl.DateTimeFormat(regional(locale), { dateStyle: 'medium', timeStyle: 'short' })
  const made = strings.shareSince(dates.format(createdAt))
  return (
    <li className="flex items-center gap-3 py-2 text-sm">
      <span className="min-w-0 flex-1">
        {made}, {expiresAt === null ? strings.shareForever : strings.shareUntil(dates.format(expiresAt))}
      </span>
      <Button small variant="danger" aria-label={`${strings.shareRevoke}: ${made}`} onClick={onRevoke}>
        {strings.shareRevoke}
      </Button>
    </li>
  )
}
