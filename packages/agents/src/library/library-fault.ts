/** What the library's worker refuses on purpose; it crosses to the caller's thread as a `StreamError`. */
export class LibraryFault extends Error {
  override readonly name = 'LibraryFault'
  readonly code: 'invalid_request' | 'conflict'

  constructor(code: 'invalid_request' | 'conflict', message: string) {
    super(message)
    this.code = code
  }
}
