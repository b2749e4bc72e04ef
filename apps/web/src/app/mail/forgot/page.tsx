import { ForgotScreen } from '@/components/mail/forgot-screen'

export default function ForgotPage() {
  return <ForgotScreen />
}
