'use client'

import Link from 'next/link'
import { useStrings } from '@/text/use-strings'

/** Nothing here, or nothing that is yours. What was being written in it is not lost: `rescued` says so. */
export function NotFound({ rescued = false }: { rescued?: boolean }) {
  const strings = useStrings()
  return (
    <main className="grid h-full flex-1 place-items-center p-6">
      <div className="max-w-sm text-center">
        <h1 className="text-lg font-semibold">{strings.notFoundTitle}</h1>
        <p className="mt-1.5 text-soft">{strings.notFound}</p>
        {rescued && <p className="mt-1.5 text-soft">{strings.draftRescued}</p>}
        <Link href="/" className="mt-4 inline-block font-medium text-accent underline underline-offset-4">
          {strings.backHome}
        </Link>
      </div>
    </main>
  )
}
