import { ConfirmScreen } from '@/components/mail/confirm-screen'

export default function ConfirmPage() {
  return <ConfirmScreen />
}
