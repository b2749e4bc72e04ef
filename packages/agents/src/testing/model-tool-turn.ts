import type { ChatRequest } from './model-answer.ts'

/** What a model that is offered tools does in one turn: calls some, in one step, or says something. */
export type ToolTurn =
  { readonly calls: readonly ToolTurnCall[]; readonly fragment?: number } | { readonly text: string }

export interface ToolTurnCall {
  readonly name: string
  /** Sent as it is, whether or not it is JSON. */
  readonly arguments: string
}

/** Characters of arguments in one chunk, where a turn does not say. */
const FRAGMENT = 7

/** The turn that a conversation has come to. */
export function turnFor(request: ChatRequest, turns: readonly ToolTurn[] | undefined): ToolTurn {
  const taken = request.messages.filter(({ calls }) => calls !== undefined).length
  return turns === undefined
    ? lookUpOnce(request, taken)
    : (turns[Math.min(taken, turns.length - 1)] ?? { text: '' })
}

/** The chunks of a turn; several calls come fragment by fragment, in turn. */
export function turnDeltas({ messages }: ChatRequest, turn: ToolTurn): readonly object[] {
  if ('text' in turn) return [{ content: turn.text }]
  const { calls, fragment = FRAGMENT } = turn
  const begun = calls.map(({ name }, index) =>
    callDelta(index, {
      id: `call_${String(messages.length)}_${String(index)}`,
      type: 'function',
      function: { name, arguments: '' },
    }),
  )
  const parts = calls.map((call) => piecesOf(call.arguments, fragment))
  const longest = Math.max(0, ...parts.map(({ length }) => length))
  const following = Array.from({ length: longest }, (_, at) =>
    parts.flatMap((pieces, index) => {
      const piece = pieces[at]
      return piece === undefined ? [] : [callDelta(index, { function: { arguments: piece } })]
    }),
  )
  return [...begun, ...following.flat()]
}

function callDelta(index: number, call: object): object {
  return { tool_calls: [{ index, ...call }] }
}

function piecesOf(text: string, length: number): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / length) }, (_, at) =>
    text.slice(at * length, (at + 1) * length),
  )
}

function lookUpOnce({ messages }: ChatRequest, taken: number): ToolTurn {
  const question =
    /^Question: (.*)$/m.exec(messages.find(({ role }) => role === 'user')?.content ?? '')?.[1] ?? ''
  if (taken === 0) return { calls: [{ name: 'search', arguments: JSON.stringify({ query: question }) }] }
  const found = messages.findLast(({ role }) => role === 'tool')?.content ?? ''
  return { text: [...found.matchAll(/^\[(d\d+:\d+)\]/gm)].map(([, label]) => label).join(', ') || 'none' }
}
