'use client'

import { Menu } from '@base-ui/react/menu'
import { MoreHorizontal, Pencil, Trash2 } from 'lucide-react'
import { strings } from '@/text/strings'

const ITEM =
  'flex items-center gap-2 rounded-lg px-2.5 py-1.5 text-sm outline-none data-[highlighted]:bg-surface cursor-default'

/** What can be done with a listed conversation. */
export function SessionMenu({ onRename, onDelete }: { onRename: () => void; onDelete: () => void }) {
  return (
    <Menu.Root>
      <Menu.Trigger
        aria-label={strings.moreActions}
        className="grid size-7 place-items-center rounded-md text-faint opacity-0 group-hover:opacity-100 hover:bg-raised hover:text-ink focus-visible:opacity-100 data-[popup-open]:opacity-100 pointer-coarse:opacity-100"
      >
        <MoreHorizontal className="size-4" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="z-50" sideOffset={4} align="end">
          <Menu.Popup className="min-w-36 rounded-xl border border-line bg-raised p-1 shadow-lg outline-none">
            <Menu.Item className={ITEM} onClick={onRename}>
              <Pencil className="size-4" /> {strings.rename}
            </Menu.Item>
            <Menu.Item className={`${ITEM} text-bad`} onClick={onDelete}>
              <Trash2 className="size-4" /> {strings.remove}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
