export { createHubServer } from './hub-server.ts'
export type { HubServer, HubServerOptions } from './hub-server.ts'
export { createNodeHandler } from './node-handler.ts'
export type { NodeHandler, NodeHandlerOptions } from './node-handler.ts'
