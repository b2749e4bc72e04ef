import { isEvent } from '@throughline/protocol'
import { openEnvelope } from '../event-log.ts'
import type { LogPage } from '../log-driver.ts'
import type { Completed } from './open-turns.ts'
import { streamPages } from './stream-pages.ts'
import type { RetentionWork } from './work.ts'

/** Removes the chunks of one completed message, a page at a time. PROTOCOL.md §9. */
export async function compactMessage(
  work: RetentionWork,
  { stream, epoch }: { readonly stream: string; readonly epoch: string },
  message: Completed,
): Promise<void> {
  for await (const page of streamPages(work, stream, {
    from: { epoch, offset: message.begin },
    until: message.end,
  })) {
    const offsets = chunksOf(page, message)
    if (offsets.length > 0) await work.driver.compact(stream, offsets)
  }
}

function chunksOf({ events, epoch }: LogPage, { messageId, end }: Completed): number[] {
  return events
    .filter((event) => event.type === 'message_chunk' && event.offset < end)
    .filter((event) => {
      const envelope = openEnvelope(event, epoch)
      return isEvent(envelope, 'message_chunk') && envelope.data.messageId === messageId
    })
    .map((event) => event.offset)
}
