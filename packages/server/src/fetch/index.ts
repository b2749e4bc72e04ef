export { createFetchHandler } from './fetch-handler.ts'
export type { FetchHandler, RequestInfo } from './fetch-handler.ts'
