'use client'

import { useStrings } from '@/text/use-strings'
import { SidePanel } from '../panel/side-panel'
import { Inspector } from './inspector'
import { useFeed } from './use-feed'

/** The inspector beside a conversation. */
export function InspectorPanel({ sessionId, onClose }: { sessionId: string; onClose: () => void }) {
  const strings = useStrings()
  return (
    <SidePanel title={strings.inspector.title} testId="inspector" onClose={onClose} wide>
      <Inspector feed={useFeed()} sessionId={sessionId} />
    </SidePanel>
  )
}
