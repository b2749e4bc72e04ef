'use client'

import { Link2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useStrings } from '@/text/use-strings'
import { Button } from '../ui/button'

const ShareDialog = lazy(() => import('./share-dialog'))

/** Opens what is about links to a conversation. */
export function ShareButton({ sessionId }: { sessionId: string }) {
  const strings = useStrings()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        variant="ghost"
        icon
        aria-label={strings.account.share}
        title={strings.account.share}
        aria-haspopup="dialog"
        onClick={() => {
          setOpen(true)
        }}
      >
        <Link2 className="size-4.5" />
      </Button>
      {open && (
        <Suspense>
          <ShareDialog
            sessionId={sessionId}
            onClose={() => {
              setOpen(false)
            }}
          />
        </Suspense>
      )}
    </>
  )
}
