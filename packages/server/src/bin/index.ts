export { loadDevelopmentSecret } from './development-secret.ts'
export { fail, stopOnSignals } from './lifetime.ts'
export { openEngine } from './open-engine.ts'
export type { Engine } from './open-engine.ts'
