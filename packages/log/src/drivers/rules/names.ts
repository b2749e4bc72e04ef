import { ID_PATTERN } from '@throughline/protocol'
import type { AppendRequest } from '../../log-driver.ts'
import { invalid } from './refusals.ts'

const TYPE_PATTERN = /^[a-z][a-z0-9_]{0,63}$/

/** @throws `invalid_request` unless `name` may name a session, run or producer: names become parts of keys. */
export function checkName(name: string): void {
  if (!ID_PATTERN.test(name)) throw invalid('A name is 1 to 64 of A-Z, a-z, 0-9, "_" and "-".')
}

/** @throws `invalid_request` when the request could not be stored as it is; the name of the stream is left to who finds it */
export function checkRequest(request: AppendRequest): void {
  for (const draft of request.drafts) {
    if (!TYPE_PATTERN.test(draft.type)) throw invalid('An event type is a lower-case word of at most 64.')
  }
  const { producer, enqueue } = request
  if (producer !== undefined) {
    checkName(producer.producerId)
    if (!Number.isSafeInteger(producer.producerSeq) || producer.producerSeq < 1) {
      throw invalid('A producer counts its batches 1, 2, 3 …')
    }
    const { producerSeq, through } = producer
    if (
      through !== undefined &&
      (through < producerSeq || through - producerSeq + 1 !== request.drafts.length)
    )
      throw invalid('With `through`, each draft is a batch of its own.')
  }
  if (enqueue !== undefined) {
    checkName(enqueue.runId)
    if (enqueue.sessionId !== request.stream) throw invalid('A run belongs to the session it is queued in.')
  }
}
