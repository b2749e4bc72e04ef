import type { Page } from 'playwright-core'

/** What a page's main thread did while it was watched. */
export interface Watched {
  readonly seconds: number
  readonly frames: number
  /** Tasks of more than 50 ms, in the order they came. */
  readonly longTasksMs: readonly number[]
  /** For each React commit, the turns of the transcript in which a component rendered. */
  readonly rowsOfCommits: readonly number[]
}

interface Fiber {
  readonly tag: number
  readonly flags: number
  readonly stateNode: unknown
  readonly alternate: Fiber | null
  readonly child: Fiber | null
  readonly sibling: Fiber | null
}

interface Watch {
  begin(): void
  end(): Watched
}

/** Puts the watch into each page of the context, before its own scripts. */
export async function installWatch(page: Page): Promise<void> {
  await page.addInitScript(watchPage)
}

export function beginWatch(page: Page): Promise<void> {
  return page.evaluate(() => (globalThis as unknown as { benchWatch: Watch }).benchWatch.begin())
}

export function endWatch(page: Page): Promise<Watched> {
  return page.evaluate(() => (globalThis as unknown as { benchWatch: Watch }).benchWatch.end())
}

/** Runs in the page. React tells its commits to whoever stands where its developer tools would. */
function watchPage(): void {
  const FUNCTION_TAGS = new Set([0, 1, 11, 14, 15])
  const HOST_TAG = 5
  const PERFORMED_WORK = 1
  let began = 0
  let frames = 0
  let longTasksMs: number[] = []
  let rowsOfCommits: number[] = []
  let isWatching = false

  const count = (): void => {
    frames += 1
    requestAnimationFrame(count)
  }
  requestAnimationFrame(count)
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longTasksMs.push(duration)
  }).observe({ type: 'longtask' })

  /** The turns in which a component rendered: those whose children are still the same object were left out by React. */
  const collect = (next: Fiber, row: Element | undefined, rows: Set<Element>): void => {
    if (next.alternate !== null && next.child === next.alternate.child) return
    for (let child = next.child; child !== null; child = child.sibling) {
      const element =
        child.tag === HOST_TAG && child.stateNode instanceof Element ? child.stateNode : undefined
      const within = element?.localName === 'article' ? element : row
      const rendered = FUNCTION_TAGS.has(child.tag) && (child.flags & PERFORMED_WORK) !== 0
      if (rendered && within !== undefined) rows.add(within)
      collect(child, within, rows)
    }
  }
  Object.defineProperty(globalThis, '__REACT_DEVTOOLS_GLOBAL_HOOK__', {
    value: {
      supportsFiber: true,
      renderers: new Map(),
      inject: () => 1,
      onCommitFiberUnmount: () => undefined,
      onPostCommitFiberRoot: () => undefined,
      onCommitFiberRoot(_id: number, root: { readonly current: Fiber }) {
        if (!isWatching) return
        const rows = new Set<Element>()
        collect(root.current, undefined, rows)
        if (rows.size > 0) rowsOfCommits.push(rows.size)
      },
    },
  })
  const watch: Watch = {
    begin() {
      began = performance.now()
      frames = 0
      longTasksMs = []
      rowsOfCommits = []
      isWatching = true
    },
    end() {
      isWatching = false
      return { seconds: (performance.now() - began) / 1_000, frames, longTasksMs, rowsOfCommits }
    },
  }
  Object.assign(globalThis, { benchWatch: watch })
}
