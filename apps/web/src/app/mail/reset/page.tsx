import { ResetScreen } from '@/components/mail/reset-screen'

export default function ResetPage() {
  return <ResetScreen />
}
