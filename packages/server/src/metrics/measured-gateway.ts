import type { Gateway } from '../gateway/exchange.ts'
import type { Metrics } from './metrics.ts'

/** The same gateway; its answers are counted. */
export function measureGateway(gateway: Gateway, metrics: Metrics): Gateway {
  return {
    handle: (request) =>
      gateway.handle(request).then((response) => {
        if (response !== undefined) metrics.answered(response.status)
        return response
      }),
  }
}
