import { ConversationScreen } from '@/components/conversation-screen'

export default async function ConversationPage({ params }: { params: Promise<{ sessionId: string }> }) {
  const { sessionId } = await params
  // A key: another conversation is another screen, with a composer and a scroll position of its own.
  return <ConversationScreen key={sessionId} sessionId={sessionId} />
}
