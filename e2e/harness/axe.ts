import { source } from 'axe-core'
import type axe from 'axe-core'
import type { AxeResults, ImpactValue } from 'axe-core'
import type { Page } from 'playwright-core'

/** What keeps somebody from using a page, in one line each. */
export interface Barrier {
  readonly rule: string
  readonly impact: ImpactValue
  /** Where, by CSS selector, and what is wrong there. */
  readonly places: readonly string[]
}

export interface AxeOptions {
  /** Looks at this part only, by CSS selector. Default: the whole page. */
  readonly within?: string
}

const GRAVE: readonly ImpactValue[] = ['serious', 'critical']

/** Serious and critical findings of axe on the page as it stands, WCAG 2.2 A and AA and axe's best practices. */
export async function findBarriers(page: Page, { within }: AxeOptions = {}): Promise<readonly Barrier[]> {
  await settled(page)
  // Evaluated by the debugger, so the page's content policy stays as strict as it is in use.
  await page.evaluate(source)
  const results = await page.evaluate<AxeResults, string | undefined>(
    (selector) =>
      (globalThis as unknown as { axe: typeof axe }).axe.run(selector ?? document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        resultTypes: ['violations'],
      }),
    within,
  )
  return results.violations.flatMap(({ id, impact, nodes }) =>
    impact !== undefined && GRAVE.includes(impact)
      ? [
          {
            rule: id,
            impact,
            places: nodes.map(({ target, failureSummary = '' }) => `${target.join(' ')}: ${failureSummary}`),
          },
        ]
      : [],
  )
}

/** Waits until nothing moves: a colour in mid-transition is not what anybody reads. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every(
        ({ playState, effect }) => playState !== 'running' || effect?.getTiming().iterations === Infinity,
      ),
  )
}
