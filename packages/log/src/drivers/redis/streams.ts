import { grewParts } from '../../backplanes/redis/grew-text.ts'
import type { AppendRequest, Appended, LogDriver, LogPage, StoredEvent } from '../../log-driver.ts'
import { checkRequest } from '../rules/names.ts'
import { fullLimit } from '../rules/page.ts'
import { placeAfter, resumeAfter, withinExtent } from '../rules/places.ts'
import { lastOf } from '../rules/producers.ts'
import { invalid } from '../rules/refusals.ts'
import { baseOf, requireDone, type RedisContext, type SessionAnswer } from './context.ts'
import type { Indexes } from './indexes.ts'
import { createOrder } from './order.ts'
import { ownerOf, sessionFields } from './records.ts'
import { APPEND } from './scripts/append.ts'
import { EXTENT, LOAD_SNAPSHOT, PRODUCER, READ, SAVE_SNAPSHOT, WANT_SNAPSHOT } from './scripts/reads.ts'
import { COMPACT, DELETE, TRIM } from './scripts/removal.ts'
import type { ScriptReply } from './shard.ts'

type Streams = Pick<
  LogDriver,
  'append' | 'read' | 'head' | 'producer' | 'saveSnapshot' | 'loadSnapshot' | 'compact' | 'trim' | 'delete'
>

/** The streams of a Redis driver. */
export function createRedisStreams(context: RedisContext, indexes: Indexes): Streams {
  const { session, sessionIn } = context
  const order = createOrder()

  const append = async (request: AppendRequest): Promise<Appended> => {
    checkRequest(request)
    const { stream, drafts } = request
    // An index is written before what it points to; later appends to the stream wait as long as that takes.
    const notAfter = await order(stream, () => indexes.before(request))
    const tellsOthers = context.channel !== '' && drafts.length > 0
    const change = changeText(request, { notAfter, keepMs: context.keepIdsMs })
    const bodies = drafts.flatMap(({ type, body }) => [type, body])
    const { reply, position } = await sessionIn(APPEND, stream, (generation) => {
      if (!tellsOthers) return [change, '', '', '', ...bodies]
      const { before, after } = grewParts({ node: context.node, stream, generation }, drafts)
      return [change, context.channel, before, after, ...bodies]
    })
    if (reply[0] === 'overlap') return append(without(request, Number(reply[1])))
    const appended = toAppended(request, reply, position(reply[1], reply[2]))
    if (!appended.repeated) {
      const userId = request.session?.userId ?? ownerOf(reply[3])
      await indexes.after(request, { userId, wasLowered: reply[4] === '1' })
    }
    return appended
  }

  return {
    append,
    async read(name, from, limit) {
      const { maxEvents, maxBytes } = fullLimit(limit)
      const most = [plainNumber(maxEvents), plainNumber(maxBytes)]
      const answer = await sessionIn(READ, name, (generation) =>
        from === 'start'
          ? ['start', '0', ...most]
          : [baseOf(from.epoch, generation), plainNumber(from.offset), ...most],
      )
      return toPage(answer, from)
    },
    async head(name) {
      const { reply, position } = await sessionIn(EXTENT, name)
      return position(reply[1], reply[2])
    },
    async producer(name, producerId) {
      const { reply, position } = await sessionIn(PRODUCER, name, [producerId])
      const [, base, seq, at] = reply
      return seq === undefined ? undefined : { producerSeq: Number(seq), head: position(base, at) }
    },
    async saveSnapshot(name, { position: { epoch, offset }, reducerVersion, state }, { apart = 0 } = {}) {
      const place = (generation: string): string[] => [
        baseOf(epoch, generation),
        String(offset),
        String(reducerVersion),
        String(apart),
      ]
      // A state is long: where another node is likely to have done it, that is asked first.
      if (apart > 0 && (await session(WANT_SNAPSHOT, name, place))[1] === 'kept') return
      await session(SAVE_SNAPSHOT, name, (generation) => [...place(generation), state])
    },
    async loadSnapshot(name) {
      const { reply, position } = await sessionIn(LOAD_SNAPSHOT, name)
      const [, base, offset, version, state] = reply
      if (state === undefined || state === null) return undefined
      return { position: position(base, offset), reducerVersion: Number(version), state }
    },
    async compact(name, offsets) {
      const isWrong = offsets.some((offset) => !Number.isSafeInteger(offset) || offset < 1)
      await session(COMPACT, name, isWrong ? [] : offsets.map(String))
      if (isWrong) throw invalid('Only events before the newest one can be removed.')
    },
    async trim(name, offset) {
      const isWrong = Number.isNaN(offset) || (offset > 1 && !Number.isSafeInteger(offset))
      await session(TRIM, name, [isWrong || offset < 1 ? '0' : String(offset)])
      if (isWrong) throw invalid('Only events before the newest one can be removed.')
    },
    async delete(name) {
      const [, owner, ...runs] = await session(DELETE, name, [String(context.tombstoneMs)])
      if (owner !== undefined) await indexes.gone(name, ownerOf(owner), runs.map(String))
    },
  }
}

/** The same without the batches before `next`: they were accepted before. */
function without(request: AppendRequest, next: number): AppendRequest {
  const { producer, drafts } = request
  if (producer === undefined) return request
  const rest = drafts.slice(next - producer.producerSeq)
  return { ...request, drafts: rest, producer: { ...producer, producerSeq: next, through: lastOf(producer) } }
}

/** What an append changes beside the events; empty when it is nothing. */
function changeText(
  request: AppendRequest,
  limits: { readonly notAfter: number | undefined; readonly keepMs: number },
): string {
  const { producer, fence, enqueue, endRun, session } = request
  if (producer === undefined && fence === undefined && enqueue === undefined && endRun === undefined) {
    return session === undefined ? '' : JSON.stringify({ session: sessionFields(session) })
  }
  return JSON.stringify({
    ...limits,
    ...(producer !== undefined && {
      producer: producer.producerId,
      seq: producer.producerSeq,
      through: lastOf(producer),
    }),
    ...(fence !== undefined && {
      fenceRun: fence.runId,
      fence: String(fence.fence),
      expiredBy: fence.expiredBy,
      ...(fence.renew !== undefined && { renewTo: fence.renew.now + fence.renew.ttlMs }),
    }),
    endRun,
    ...(enqueue !== undefined && { enqueue: enqueue.runId, run: JSON.stringify(enqueue) }),
    ...(session !== undefined && { session: sessionFields(session) }),
  })
}

function toAppended(request: AppendRequest, reply: ScriptReply, head: Appended['head']): Appended {
  if (reply[0] === 'repeated') return { events: [], head, repeated: true }
  requireDone(reply)
  return { events: placeAfter(head.offset - request.drafts.length, request.drafts), head, repeated: false }
}

function toPage({ reply, position }: SessionAnswer, from: Parameters<LogDriver['read']>[1]): LogPage {
  const [, base, headText, firstText, beforeText] = reply
  const head = position(base, headText)
  const extent = { epoch: head.epoch, first: Number(firstText), head: head.offset }
  resumeAfter(extent, from)
  const events: StoredEvent[] = []
  let before = Math.max(Number(beforeText), extent.first - 1)
  for (let at = 5; at + 2 < reply.length; at += 3) {
    const offset = Number(reply[at])
    const event = { offset, type: reply[at + 1] ?? '', body: reply[at + 2] ?? '' }
    events.push(before === offset - 1 ? event : withinExtent(extent, { ...event, prev: before }))
    before = offset
  }
  return { epoch: head.epoch, events, head }
}

/** A count that may be infinite, in digits. */
function plainNumber(value: number): string {
  return String(Math.min(Math.max(0, Math.floor(value)), Number.MAX_SAFE_INTEGER))
}
