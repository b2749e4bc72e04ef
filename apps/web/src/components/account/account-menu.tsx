'use client'

import { ChevronsUpDown, CircleUser, LogOut, Settings } from 'lucide-react'
import { useStrings } from '@/text/use-strings'
import { useAccount } from '../account'
import { Menu, MenuItem, MenuLink } from '../ui/menu'
import { useToast } from '../ui/toast'

/** Who is signed in, and the ways to the account, the settings and out. */
export function AccountMenu() {
  const common = useStrings()
  const strings = common.account
  const { user, signOut } = useAccount()
  const toasts = useToast()
  const name = user?.guest === true ? strings.guest : (user?.name ?? '')
  const leave = () => {
    signOut().catch(() => {
      toasts.add({ title: common.actionFailed, priority: 'high' })
    })
  }
  return (
    <Menu
      side="top"
      trigger={
        <button
          type="button"
          aria-label={strings.accountOf(name)}
          className="flex h-8 min-w-0 items-center gap-1.5 rounded-lg px-2 text-[0.8125rem] font-medium text-soft hover:bg-raised hover:text-ink"
        >
          <span className="truncate" dir="auto">
            {name}
          </span>
          <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-faint" />
        </button>
      }
    >
      <MenuLink icon={<CircleUser />} href="/account">
        {user?.guest === true ? strings.keepConversations : strings.account}
      </MenuLink>
      <MenuLink icon={<Settings />} href="/settings">
        {strings.settings}
      </MenuLink>
      <MenuItem icon={<LogOut className="rtl:-scale-x-100" />} onSelect={leave}>
        {common.signOut}
      </MenuItem>
    </Menu>
  )
}
