import { inFolder, type Mutant } from '../mutant.ts'

/** Breaks of how a long answer is shown. */
export const answerMutants: readonly Mutant[] = [
  ...inFolder('apps/web/src/markdown', [
    {
      name: 'block-settled-at-once',
      fault: 'B8',
      test: 'a text that grows piece by piece ends in the blocks of the whole text',
      file: 'boundary.ts',
      find: 'return BLANK_LINE.test(last.text) || TWO_LINES.test(next.text)',
      replace: 'return true',
      tests: ['settled.prop.test.ts'],
    },
    {
      name: 'settled-blocks-read-again',
      fault: 'B8',
      test: 'what is settled is not read again',
      file: 'settled.ts',
      find: 'ended ? blocks.length : countFinal(blocks)',
      replace: 'ended ? blocks.length : 0',
      tests: ['settled.test.ts'],
    },
  ]),
  ...inFolder('packages/client/src', [
    {
      name: 'flush-without-rest',
      fault: 'B8',
      test: 'leaves a page that takes 60 ms for what it is shown as long for everything else',
      file: 'store/flush-clock.ts',
      find: 'pause = environment.isVisible() ? Infinity : FLUSH_MS',
      replace: 'pause = FLUSH_MS',
      tests: ['store/flush-clock.test.ts'],
    },
  ]),
  {
    name: 'siblings-listed-anew',
    fault: 'B8',
    test: 'a token renders one row',
    file: 'packages/client/src/session/branch.ts',
    find: 'keepList(before.get(id), ids)',
    replace: 'ids',
    tests: ['packages/react/src/hooks.test.tsx'],
  },
]
