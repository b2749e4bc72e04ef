import { INTAKE_LIMITS, IntakeFault } from './intake-fault.ts'
import { pageText, type PlacedText } from './page-text.ts'

/** What a PDF says, page by page. */
export interface ReadPdf {
  readonly title: string
  readonly text: string
  readonly pageStarts: readonly number[]
}

const BETWEEN = '\n\n'

/** Reads the text of a PDF. Its scripts, links and forms are left alone. @throws IntakeFault */
export async function readPdf(bytes: Uint8Array, onProgress: (share: number) => void): Promise<ReadPdf> {
  const { getDocumentProxy } = await import('unpdf')
  try {
    // A copy: the reader takes over the memory that it is given.
    const pdf = await getDocumentProxy(new Uint8Array(bytes), {
      stopAtErrors: false,
      enableXfa: false,
      verbosity: 0,
    })
    const { numPages } = pdf
    if (numPages > INTAKE_LIMITS.pages) throw new IntakeFault('too_many_pages')
    let text = ''
    const pageStarts: number[] = []
    for (let number = 1; number <= numPages; number += 1) {
      const page = await pdf.getPage(number)
      const { items } = await page.getTextContent()
      text += number === 1 ? '' : BETWEEN
      pageStarts.push(text.length)
      text += pageText(items.flatMap(placedOf))
      page.cleanup()
      if (text.length > INTAKE_LIMITS.characters) throw new IntakeFault('too_large')
      onProgress(number / numPages)
    }
    return { title: titleOf(await pdf.getMetadata().catch(() => undefined)), text, pageStarts }
  } catch (error) {
    throw faultOf(error)
  }
}

function placedOf(item: object): readonly PlacedText[] {
  if (!('str' in item) || typeof item.str !== 'string') return []
  const { transform, width, height, hasEOL } = { transform: [], width: 0, height: 0, hasEOL: false, ...item }
  const [, , , scale = 0, x = 0, y = 0] = Array.isArray(transform) ? transform.map(Number) : []
  return [{ text: item.str, x, y, width, size: Math.abs(scale) || height, endsLine: hasEOL }]
}

/** A title that says something: programs write file names and "untitled" there. */
function titleOf(metadata: unknown): string {
  const info =
    typeof metadata === 'object' && metadata !== null && 'info' in metadata ? metadata.info : undefined
  const title = typeof info === 'object' && info !== null && 'Title' in info ? info.Title : undefined
  if (typeof title !== 'string') return ''
  return /^(?:untitled|microsoft word|.*\.(?:docx?|pdf|tex|indd|dvi)$)/i.test(title.trim())
    ? ''
    : title.trim()
}

function faultOf(error: unknown): IntakeFault {
  if (error instanceof IntakeFault) return error
  const name = error instanceof Error ? error.name : ''
  return new IntakeFault(name === 'PasswordException' ? 'encrypted' : 'corrupt', { cause: error })
}
