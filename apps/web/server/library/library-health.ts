import type { HealthCheck } from '@throughline/server'

/**
 * Whether a node that shares documents has what it began without, for `/readyz`: until then it would refuse to answer
 * about them. Once it had, it stays well: all nodes fall behind together, and a late document is no reason for none.
 */
export function createLibraryHealth(whole: () => Promise<void>): HealthCheck {
  let asking: Promise<void> | undefined
  return {
    name: 'the document library',
    healthy: () =>
      (asking ??= whole().catch((error: unknown) => {
        asking = undefined
        throw error
      })),
  }
}
