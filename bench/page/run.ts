/** What the browser loads before a new visitor can ask: compressed bytes of scripts, as they came over the wire. */
import { startApp } from '../../e2e/harness/app.ts'
import { launchBrowser } from '../../e2e/harness/browser.ts'
import { measurePart } from '../harness/part.ts'
import type { Figures } from '../harness/results.ts'

const app = await startApp({ AGENTS: 'off' })
const browser = await launchBrowser()

async function load(): Promise<Figures> {
  const context = await browser.newContext()
  const page = await context.newPage()
  const network = await context.newCDPSession(page)
  const scripts = new Set<string>()
  let bytes = 0
  network.on('Network.responseReceived', ({ requestId, type }) => {
    if (type === 'Script') scripts.add(requestId)
  })
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) bytes += encodedDataLength
  })
  await network.send('Network.enable')
  const began = performance.now()
  await page.goto(app.url)
  await page.getByRole('button', { name: 'Continue as guest' }).click()
  await page.getByLabel('Your question').waitFor()
  const seconds = (performance.now() - began) / 1_000
  await context.close()
  return { kilobytes: bytes / 1_000, scripts: scripts.size, seconds }
}

try {
  await measurePart({
    name: 'page',
    title: 'scripts loaded until a new guest can ask',
    columns: { kilobytes: 'kB compressed', scripts: 'files', seconds: 'seconds until usable' },
    runs: 3,
    subjects: { throughline: load },
  })
} finally {
  await browser.close()
  await app.dispose()
}
