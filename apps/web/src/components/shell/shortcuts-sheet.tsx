'use client'

import { useStrings } from '@/text/use-strings'
import { Modal } from '../ui/modal'

/** Every key that does something. */
export default function ShortcutsSheet({ onClose }: { onClose: () => void }) {
  const strings = useStrings()
  return (
    <Modal title={strings.shortcuts.title} onClose={onClose}>
      <div className="grid gap-x-8 gap-y-5 p-5 sm:grid-cols-2">
        {strings.shortcuts.groups.map(({ title, keys }) => (
          <section key={title}>
            <h3 className="section-title">{title}</h3>
            <dl className="space-y-1.5">
              {keys.map(({ press, does }) => (
                <div key={does} className="flex items-baseline justify-between gap-4 text-sm">
                  <dt className="text-soft">{does}</dt>
                  <dd className="flex gap-1 whitespace-nowrap">
                    {press.split(' ').map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}
