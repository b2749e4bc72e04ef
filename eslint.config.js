import { defineConfig, globalIgnores } from 'eslint/config'
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'
import { layers, scope } from './scripts/structure/layers.mjs'

const typescript = ['**/*.ts', '**/*.tsx']

/**
 * One entry per package that says what it must not import, as its author types it.
 * @type {import('eslint').Linter.Config[]}
 */
const layerRules = Object.entries(layers).map(([name, allowed]) => {
  const forbidden = Object.keys(layers).filter((other) => other !== name && !allowed.includes(other))
  const reach = allowed.length === 0 ? 'no other package' : allowed.join(', ')
  const message = `${name} may import ${reach}: move the shared part down, or pass it in as an argument.`
  const patterns = [
    {
      group: [`${scope}*/src/**`, `${scope}*/dist/**`],
      message: 'Import the package by its name or one of its entries.',
    },
  ]
  if (forbidden.length > 0) {
    patterns.push({ group: forbidden.flatMap((other) => [scope + other, `${scope}${other}/**`]), message })
  }
  return {
    files: name === 'web' ? ['apps/web/**'] : [`packages/${name}/**`],
    rules: { 'no-restricted-imports': ['error', { patterns }] },
  }
})

export default defineConfig(
  globalIgnores(['**/dist/', '**/.next/', '**/next-env.d.ts', 'artifacts/', 'coverage/']),
  {
    files: typescript,
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      // With verbatimModuleSyntax, `import { type A }` would still load the module.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      // Numbers and booleans read well in messages.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // `() => stop()` and `return stop()` are how a call is passed on here.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Methods of closure factories have no `this` and may be taken off their object; classes are few.
      '@typescript-eslint/unbound-method': 'off',
      // A Promise-returning contract is often kept without awaiting.
      '@typescript-eslint/require-await': 'off',
      // `while (true)` with an exit inside is the plain form of a loop over a stream.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
    },
  },
  {
    files: ['**/*.test.{ts,tsx}', '**/testing/**', 'e2e/**', 'bench/**'],
    rules: {
      // A test that meets undefined fails, which is what it is for.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // What `beforeEach` assigns is not there yet when it failed, and `afterEach` has to ask.
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
  {
    files: ['packages/react/**', 'apps/web/**'],
    extends: [reactHooks.configs.flat.recommended],
  },
  { files: ['**/*.{js,mjs}'], extends: [tseslint.configs.recommended] },
  ...layerRules,
)
