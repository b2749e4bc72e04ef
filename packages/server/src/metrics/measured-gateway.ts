import type { Gateway } from '../gateway/exchange.ts'
import type { Metrics } from './metrics.ts'

/** The same gateway; its answers are counted. */
export function measureGateway(gateway: Gateway, metrics: Metrics): Gateway {
  return {
    async handle(request) {
      const response = await gateway.handle(request)
      if (response !== undefined) metrics.answered(response.status)
      return response
    },
  }
}
