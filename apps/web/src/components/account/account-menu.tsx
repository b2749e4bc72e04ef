'use client'

import { Menu } from '@base-ui/react/menu'
import { ChevronsUpDown, CircleUser, LogOut, Settings } from 'lucide-react'
import Link from 'next/link'
import { strings as common } from '@/text/strings'
import { useAccount } from '../account'
import { useToast } from '../ui/toast'

const strings = common.account

const ITEM =
  'flex cursor-default items-center gap-2 rounded-lg px-2.5 py-1.5 text-sm outline-none data-[highlighted]:bg-surface'

/** Who is signed in, and the ways to the account, the settings and out. */
export function AccountMenu() {
  const { user, signOut } = useAccount()
  const toasts = useToast()
  const name = user?.name ?? ''
  const leave = () => {
    signOut().catch(() => {
      toasts.add({ title: common.actionFailed, priority: 'high' })
    })
  }
  return (
    <Menu.Root>
      <Menu.Trigger
        aria-label={strings.accountOf(name)}
        className="flex h-8 min-w-0 items-center gap-1.5 rounded-lg px-2 text-[0.8125rem] font-medium text-soft hover:bg-raised hover:text-ink"
      >
        <span className="truncate" dir="auto">
          {name}
        </span>
        <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-faint" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="z-50" sideOffset={6} side="top" align="end">
          <Menu.Popup className="min-w-44 rounded-xl border border-line bg-raised p-1 shadow-lg outline-none">
            <Menu.Item className={ITEM} render={<Link href="/account" />}>
              <CircleUser className="size-4" />{' '}
              {user?.guest === true ? strings.keepConversations : strings.account}
            </Menu.Item>
            <Menu.Item className={ITEM} render={<Link href="/settings" />}>
              <Settings className="size-4" /> {strings.settings}
            </Menu.Item>
            <Menu.Item className={ITEM} onClick={leave}>
              <LogOut className="size-4 rtl:-scale-x-100" /> {common.signOut}
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
