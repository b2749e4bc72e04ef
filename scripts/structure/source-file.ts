import ts from 'typescript'

/** One import or re-export of a file. */
export interface ImportLink {
  readonly specifier: string
  readonly line: number
  /** `eager` runs the other module first, `lazy` is `import()`, `type` is erased. */
  readonly kind: 'eager' | 'lazy' | 'type'
}

/** What the rules look at in one source file. */
export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string
  /** Folder of the package or app it belongs to, e.g. `packages/log`. */
  readonly home: string
  /** Name of that package without the scope, e.g. `log`. */
  readonly owner: string
  readonly lineCount: number
  readonly imports: readonly ImportLink[]
  readonly anyLines: readonly number[]
}

/** Reads what the rules need out of one file's text. */
export function parseSourceFile(
  place: { path: string; home: string; owner: string },
  text: string,
): SourceFile {
  const kind = place.path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
  const tree = ts.createSourceFile(place.path, text, ts.ScriptTarget.Latest, false, kind)
  const lineOf = (node: ts.Node) => tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1
  const imports: ImportLink[] = []
  const anyLines: number[] = []
  const visit = (node: ts.Node): void => {
    const link = linkOf(node)
    if (link) imports.push({ ...link, line: lineOf(node) })
    if (node.kind === ts.SyntaxKind.AnyKeyword) anyLines.push(lineOf(node))
    ts.forEachChild(node, visit)
  }
  visit(tree)
  const lineCount = text.replace(/\n$/, '').split('\n').length
  return { ...place, lineCount, imports, anyLines }
}

/** Tests may do what shipped code may not. */
export function isTestFile(path: string): boolean {
  return /\.(test|test-d)\.tsx?$/.test(path)
}

/** Whether a path leads to or through a package's `testing` entry. */
export function isTestingPath(path: string): boolean {
  return /(^|\/)testing(\.tsx?)?(\/|$)/.test(path)
}

function linkOf(node: ts.Node): Omit<ImportLink, 'line'> | undefined {
  if (ts.isImportDeclaration(node)) {
    return link(
      node.moduleSpecifier,
      node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword ? 'type' : 'eager',
    )
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
    return link(node.moduleSpecifier, node.isTypeOnly ? 'type' : 'eager')
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return link(node.argument.literal, 'type')
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return link(node.arguments[0], 'lazy')
  }
  return undefined
}

function link(
  specifier: ts.Node | undefined,
  kind: ImportLink['kind'],
): Omit<ImportLink, 'line'> | undefined {
  return specifier && ts.isStringLiteralLike(specifier) ? { specifier: specifier.text, kind } : undefined
}
