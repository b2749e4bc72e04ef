import { IntakeFault } from './intake-fault.ts'
import { readHtml, type ReadPage } from './html-markdown.ts'
import { checkDocx } from './zip-guard.ts'

/** Reads a Word document: its text with headings, lists and tables, without pictures. @throws IntakeFault */
export async function readDocx(bytes: Uint8Array): Promise<ReadPage> {
  checkDocx(bytes)
  const { default: mammoth } = await import('mammoth')
  const nothing = mammoth.images.imgElement(() => Promise.resolve({ src: '' }))
  try {
    const { value } = await mammoth.convertToHtml(
      { buffer: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) },
      { convertImage: nothing, externalFileAccess: false, includeEmbeddedStyleMap: false },
    )
    return readHtml(value)
  } catch (cause) {
    throw new IntakeFault('corrupt', { cause })
  }
}
