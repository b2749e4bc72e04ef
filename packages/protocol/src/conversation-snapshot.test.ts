import { describe, expect, it } from 'vitest'
import { initialConversation } from './conversation-fold.ts'
import { reduceConversation } from './conversation-reducer.ts'
import { parseSnapshot } from './conversation-snapshot.ts'
import { serializeSnapshot } from './serialize-snapshot.ts'
import { REDUCER_VERSION } from './conversation-state.ts'
import type { Run } from './conversation-state.ts'

const state = { ...initialConversation('s'), position: { epoch: 'abcdefgh', offset: 3 }, title: 'T' }
const text = serializeSnapshot(state)

function beginRun(): Run {
  const queued = { type: 'run_queued', runId: 'r', data: { runId: 'r', kind: 'message', messageId: 'm' } }
  const envelope = { ...queued, id: 'abcdefgh-1', timestamp: 1, sessionId: 's' }
  const [run] = reduceConversation(initialConversation('s'), [envelope]).runs
  if (run === undefined) throw new Error('no run')
  return run
}

describe('a stored snapshot', () => {
  it('comes back as it was', () => {
    expect(parseSnapshot(REDUCER_VERSION, text)).toEqual(state)
  })

  it.each([
    ['no JSON', text.slice(1)],
    ['half of one', text.slice(0, -20)],
    ['no object', 'null'],
    ['a field missing', text.replace('"title":"T",', '')],
    ['a field of another kind', text.replace('"T"', '7')],
    ['a message that is none', text.replace('"messages":[]', '"messages":[{}]')],
    ['a run that is none', text.replace('"runs":[]', '"runs":[null]')],
    ['a position that is none', text.replace('"offset":3', '"offset":-3')],
  ])('is none when it is %s', (_, malformed) => {
    expect(parseSnapshot(REDUCER_VERSION, malformed)).toBeUndefined()
  })

  it('of another reducer version is none, without a migration', () => {
    for (const version of [0, REDUCER_VERSION + 1, 0.5, Number.NaN]) {
      expect(parseSnapshot(version, text)).toBeUndefined()
    }
  })

  it('of the first version has runs that were told nothing yet', () => {
    const { answers: _, ...run } = beginRun()
    const old = JSON.stringify({ ...state, runs: [run] })
    expect(parseSnapshot(1, old)).toMatchObject({ runs: [{ ...run, answers: [] }] })
  })

  it('of an older version is migrated step by step, and checked', () => {
    const old = JSON.stringify({ ...state, title: undefined, name: 'N' })
    const migrations = {
      [REDUCER_VERSION - 2]: (before: unknown) => ({ ...(before as object), title: 'two' }),
      [REDUCER_VERSION - 1]: (before: unknown) => ({ ...(before as typeof state), updatedAt: 5 }),
    }
    expect(parseSnapshot(REDUCER_VERSION - 2, old, migrations)).toMatchObject({ title: 'two', updatedAt: 5 })
    expect(parseSnapshot(REDUCER_VERSION - 1, old, migrations)).toBeUndefined()
    const broken = { [REDUCER_VERSION - 1]: () => JSON.parse('{') as unknown }
    expect(parseSnapshot(REDUCER_VERSION - 1, text, broken)).toBeUndefined()
  })
})
