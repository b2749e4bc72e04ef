export { loadDevelopmentSecret } from './development-secret.ts'
export { fail, stopOnSignals } from './lifetime.ts'
export { openDriver } from './open-driver.ts'
