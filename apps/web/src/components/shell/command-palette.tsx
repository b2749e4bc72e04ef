'use client'

import { useSessions } from '@throughline/react/query'
import { Command } from 'cmdk'
import {
  ArrowRightLeft,
  CircleUser,
  FileSearch,
  Keyboard,
  Library,
  MessageSquare,
  Moon,
  Settings,
  SquarePen,
  Sun,
} from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useDeferredValue, useState, type ReactNode } from 'react'
import { useStrings } from '@/text/use-strings'
import { useAppearance } from '../settings/use-appearance'
import { Modal } from '../ui/modal'

export interface CommandPaletteProps {
  readonly onClose: () => void
  readonly onShortcuts: () => void
}

/** Everything that can be gone to or done, by typing a part of its name. */
export default function CommandPalette({ onClose, onShortcuts }: CommandPaletteProps) {
  const strings = useStrings()
  const [search, setSearch] = useState('')
  const found = useDeferredValue(search.trim())
  const { sessions } = useSessions(found === '' ? {} : { search: found })
  const router = useRouter()
  const go = (path: string) => () => {
    onClose()
    router.push(path)
  }
  const { direction, choose } = useAppearance()
  const theme = (chosen: 'light' | 'dark') => () => {
    choose({ theme: chosen })
    onClose()
  }
  return (
    <Modal title={strings.palette.title} onClose={onClose} bare>
      <Command loop label={strings.palette.title}>
        <Command.Input
          autoFocus
          value={search}
          onValueChange={setSearch}
          placeholder={strings.palette.placeholder}
          className="h-13 w-full border-b border-line bg-transparent px-4 text-base outline-none placeholder:text-faint"
        />
        <Command.List className="max-h-[50dvh] overflow-y-auto p-2">
          <Command.Empty className="p-4 text-center text-sm text-faint">
            {strings.palette.empty}
          </Command.Empty>
          <Command.Group heading={strings.palette.actions} className="palette-group">
            <Item
              icon={<SquarePen />}
              name={strings.newSession}
              onSelect={go('/')}
              keys={strings.palette.newKeys}
            />
            <Item icon={<Library />} name={strings.library.open} onSelect={go('/library')} keys="L" />
            <Item icon={<FileSearch />} name={strings.inspector.fileTitle} onSelect={go('/inspect')} />
            <Item icon={<Keyboard />} name={strings.shortcuts.title} onSelect={onShortcuts} keys="?" />
            <Item icon={<CircleUser />} name={strings.account.account} onSelect={go('/account')} />
            <Item icon={<Settings />} name={strings.account.settings} onSelect={go('/settings')} />
            <Item icon={<Sun />} name={strings.palette.light} onSelect={theme('light')} />
            <Item icon={<Moon />} name={strings.palette.dark} onSelect={theme('dark')} />
            <Item
              icon={<ArrowRightLeft />}
              name={direction === 'rtl' ? strings.palette.toLeft : strings.palette.toRight}
              onSelect={() => {
                choose({ direction: direction === 'rtl' ? 'ltr' : 'rtl' })
                onClose()
              }}
            />
          </Command.Group>
          {sessions.length > 0 && (
            <Command.Group heading={strings.sessions} className="palette-group">
              {sessions.slice(0, 20).map(({ id, title }) => (
                <Item
                  key={id}
                  id={id}
                  icon={<MessageSquare />}
                  name={title === '' ? strings.untitled : title}
                  onSelect={go(`/s/${id}`)}
                />
              ))}
            </Command.Group>
          )}
        </Command.List>
      </Command>
    </Modal>
  )
}

interface ItemProps {
  readonly id?: string
  readonly icon: ReactNode
  readonly name: string
  readonly onSelect: () => void
  readonly keys?: string
}

function Item({ id = '', icon, name, onSelect, keys = '' }: ItemProps) {
  return (
    <Command.Item
      value={`${name} ${id}`}
      onSelect={onSelect}
      className="flex cursor-default items-center gap-2.5 rounded-lg px-2.5 py-2 text-sm data-[selected=true]:bg-surface [&_svg]:size-4 [&_svg]:text-faint"
    >
      {icon}
      <span className="min-w-0 flex-1 truncate" dir="auto">
        {name}
      </span>
      {keys !== '' && keys.split(' ').map((key) => <kbd key={key}>{key}</kbd>)}
    </Command.Item>
  )
}
