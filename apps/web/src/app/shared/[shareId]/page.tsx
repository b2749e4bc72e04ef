import { SharedScreen } from '@/components/share/shared-screen'

export default async function SharedPage({ params }: { params: Promise<{ shareId: string }> }) {
  const { shareId } = await params
  return <SharedScreen key={shareId} shareId={shareId} />
}
