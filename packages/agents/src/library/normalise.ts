/**
 * The form in which a text is stored, and to which all offsets refer: no byte-order mark, `\n` line ends, no NUL
 * (as CommonMark has it) and no lone surrogates, which SQLite could not give back unchanged.
 */
export function normaliseText(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n')
    .replaceAll('\0', '\uFFFD')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
}
