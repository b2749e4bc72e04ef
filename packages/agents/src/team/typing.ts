import type { Desk } from './desk.ts'

/** Tells, without storing it, that an agent writes; the function given back tells that it stopped. */
export function typing({ run, scope }: Desk, agentId: string): () => void {
  const { runId, messageId, parentId } = scope
  const tell = (isTyping: boolean) => {
    run.writer.ephemeral({
      runId,
      agentId,
      messageId,
      parentId,
      type: 'typing_indicator',
      data: { isTyping, agentId },
    })
  }
  tell(true)
  return () => {
    tell(false)
  }
}
