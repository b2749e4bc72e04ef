export { createFetchHandler } from './fetch-handler.ts'
export type { FetchHandler } from './fetch-handler.ts'
export type { RequestInfo } from './fetch-request.ts'
