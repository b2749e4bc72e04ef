import { existsSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { mainThreadMs } from '../harness/process-accounting.ts'

/**
 * Begins to count the CPU time of the main threads of all pages; the answer tells it, in milliseconds. Only one page does
 * anything here, and which process is its own Chromium does not say.
 */
export async function watchRenderers(browser: Browser): Promise<() => number> {
  const cdp = await browser.newBrowserCDPSession()
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo')
  await cdp.detach()
  const pids = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id)
  const before = new Map(pids.map((pid) => [pid, mainThreadMs(pid)]))
  return () => {
    // One kept in reserve may be gone by now.
    const alive = [...before].filter(([pid]) => existsSync(`/proc/${pid}`))
    return alive.reduce((sum, [pid, ms]) => sum + mainThreadMs(pid) - ms, 0)
  }
}

/** The JavaScript heap of a page once its garbage is gone, in megabytes. */
export async function heapMegabytes(page: Page): Promise<number> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('HeapProfiler.collectGarbage')
  const { usedSize } = await cdp.send('Runtime.getHeapUsage')
  await cdp.detach()
  return usedSize / 1_048_576
}
