import { layers, scope } from '../layers.mjs'
import { fileRule, type Finding } from '../rule.ts'

/** Packages import downwards only, and never another package's files. */
export const layer = fileRule('layer', (file) =>
  file.imports.flatMap(({ specifier, line }): Finding[] => {
    if (!specifier.startsWith(scope)) return []
    const [target = '', ...rest] = specifier.slice(scope.length).split('/')
    if (rest[0] === 'src' || rest[0] === 'dist') {
      const mend = `import it from '${scope}${target}' or one of its entries, exporting it there if need be`
      return [{ line, problem: `'${specifier}' reaches into another package's files`, mend }]
    }
    const allowed = layers[file.owner] ?? []
    if (target === file.owner || allowed.includes(target)) return []
    const reach = allowed.length === 0 ? 'no other package' : allowed.join(', ')
    const mend = `${file.owner} may import ${reach}; move the shared part down, or pass it in as an argument`
    return [{ line, problem: `${file.owner} must not import ${target}`, mend }]
  }),
)
