import type { Page } from 'playwright-core'

/** Notes what the page's content policy refused, from its first line on. Call before going anywhere. */
export async function watchPolicy(page: Page): Promise<() => Promise<readonly string[]>> {
  const seen: string[] = []
  await page.exposeFunction('noteViolation', (what: string) => {
    seen.push(what)
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) => {
      const note = (globalThis as unknown as { noteViolation: (what: string) => void }).noteViolation
      note(`${violatedDirective}: ${blockedURI} (${sourceFile})`)
    })
  })
  page.on('pageerror', (error) => {
    seen.push(`error: ${error.message}`)
  })
  return async () => {
    // What was noted is on its way here until the page has answered.
    await page.evaluate(() => undefined)
    return seen
  }
}
