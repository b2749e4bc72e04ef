export { createApiProxy } from './api-proxy.ts'
export type { Proxy, ProxyOptions } from './proxy-options.ts'
export { createSseProxy } from './sse-proxy.ts'
export type { SseProxyOptions } from './sse-proxy.ts'
