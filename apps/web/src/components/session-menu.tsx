'use client'

import { Archive, ArchiveRestore, MoreHorizontal, Pencil, Trash2 } from 'lucide-react'
import { useStrings } from '@/text/use-strings'
import { Menu, MenuItem } from './ui/menu'

export interface SessionMenuProps {
  readonly archived: boolean
  readonly onRename: () => void
  readonly onArchive: () => void
  readonly onDelete: () => void
}

/** What can be done with a listed conversation. */
export function SessionMenu({ archived, onRename, onArchive, onDelete }: SessionMenuProps) {
  const strings = useStrings()
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={strings.moreActions}
          className="grid size-7 place-items-center rounded-md text-faint opacity-0 group-hover:opacity-100 group-focus-within:opacity-100 hover:bg-surface hover:text-ink focus-visible:opacity-100 data-[popup-open]:opacity-100 pointer-coarse:opacity-100"
        >
          <MoreHorizontal className="size-4" />
        </button>
      }
    >
      <MenuItem icon={<Pencil />} onSelect={onRename}>
        {strings.rename}
      </MenuItem>
      <MenuItem icon={archived ? <ArchiveRestore /> : <Archive />} onSelect={onArchive}>
        {archived ? strings.unarchive : strings.archive}
      </MenuItem>
      <MenuItem icon={<Trash2 />} onSelect={onDelete} danger>
        {strings.remove}
      </MenuItem>
    </Menu>
  )
}
