'use client'

import { AlertDialog } from '@base-ui/react/alert-dialog'
import { useState, type SyntheticEvent } from 'react'
import { useStrings } from '@/text/use-strings'
import { useAccount } from '../account'
import { PasswordField } from './password-field'
import { Section } from '../ui/section'
import { Alert } from '../ui/alert'
import { Button } from '../ui/button'
import { useTask } from './use-task'

/** Ends an account with everything it owns, once it was asked whether that is meant. */
export function DeleteAccount({ guest }: { guest: boolean }) {
  const strings = useStrings().account
  const title = guest ? strings.deleteGuestTitle : strings.deleteTitle
  const text = guest ? strings.deleteGuestText : strings.deleteText
  return (
    <Section title={title} text={text}>
      <AlertDialog.Root>
        <AlertDialog.Trigger render={<Button variant="danger" />}>{title}</AlertDialog.Trigger>
        <AlertDialog.Portal>
          <AlertDialog.Backdrop className="fixed inset-0 z-40 bg-black/40" />
          <AlertDialog.Popup className="fixed inset-x-4 top-1/2 z-50 mx-auto max-w-md -translate-y-1/2 rounded-2xl border border-line bg-raised p-5 shadow-xl outline-none">
            <AlertDialog.Title className="text-lg font-semibold">{strings.deleteAsk}</AlertDialog.Title>
            <AlertDialog.Description className="mt-1.5 text-sm text-soft">{text}</AlertDialog.Description>
            <Confirm guest={guest} />
          </AlertDialog.Popup>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </Section>
  )
}

function Confirm({ guest }: { guest: boolean }) {
  const common = useStrings()
  const strings = common.account
  const { deleteAccount } = useAccount()
  const [password, setPassword] = useState('')
  const { busy, problem, run } = useTask()
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    void run(() => deleteAccount(guest ? undefined : password))
  }
  return (
    <form onSubmit={submit} className="mt-4 space-y-4">
      {!guest && <PasswordField kind="current" value={password} onChange={setPassword} />}
      {problem !== undefined && (
        <Alert tone="bad" urgent>
          {problem}
        </Alert>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <AlertDialog.Close render={<Button />}>{common.cancel}</AlertDialog.Close>
        <Button type="submit" variant="danger" disabled={busy}>
          {busy ? strings.working : strings.deleteConfirm}
        </Button>
      </div>
    </form>
  )
}
