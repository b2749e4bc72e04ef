import { InspectScreen } from '@/components/inspector/inspect-screen'

export default function InspectPage() {
  return <InspectScreen />
}
