import { inFolder, type Mutant } from '../mutant.ts'

/** Breaks of what keeps a model with tools within bounds. */
export const teamMutants: readonly Mutant[] = inFolder('packages/agents/src', [
  {
    name: 'tool-calls-without-bound',
    fault: 'A10',
    test: 'carries out no more than eight calls of one step',
    file: 'provider/library-tools.ts',
    find: 'made > MAX_CALLS || ',
    replace: '',
    tests: ['provider/model-tools.test.ts'],
  },
  {
    name: 'tool-arguments-unchecked',
    fault: 'A10',
    test: 'tells a model what was wrong with its call',
    file: 'provider/library-tools.ts',
    find: "words === '' ? 'query must be words to look for.' : { query: words }",
    replace: '{ query: words }',
    tests: ['provider/model-tools.test.ts'],
  },
  {
    name: 'tool-steps-without-bound',
    fault: 'A10',
    test: 'ends a model that never stops calling',
    file: 'provider/model-researcher.ts',
    find: 'step <= MAX_STEPS',
    replace: 'step <= 50',
    tests: ['provider/model-tools.test.ts'],
  },
])
