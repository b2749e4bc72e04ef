export { createAudit, silentAudit } from './audit/audit.ts'
export type { Audit, AuditEvent, AuditOptions, AuditReason, AuditRecord } from './audit/audit.ts'
export { createAuth } from './auth/auth.ts'
export type { Auth, AuthOptions, LoginTokens } from './auth/auth.ts'
export { hasScope } from './auth/identity.ts'
export type { Account, Identity, Scope } from './auth/identity.ts'
export { createLogins } from './auth/logins.ts'
export type { Logins, LoginsOptions } from './auth/logins.ts'
export { createTokenIssuer } from './auth/token-issuer.ts'
export type { IssuedToken, TokenClaims, TokenIssuer, TokenIssuerOptions } from './auth/token-issuer.ts'
export type { TokenKeys } from './auth/token-verifier.ts'
export { readConfig } from './config/config.ts'
export type { Config, ReadConfigOptions } from './config/config.ts'
export { ConfigError } from './config/config-error.ts'
export type {
  ConnectionLimits,
  ConnectionLimitsOptions,
  ConnectionOwner,
  Place,
} from './gate/connection-limits.ts'
export { createLimits } from './gate/limits.ts'
export type { Limits, LimitsOptions } from './gate/limits.ts'
export type { RateLimit } from './gate/rate-limit.ts'
export type { OriginPolicyOptions, Source } from './gate/origin-policy.ts'
export { addressKey } from './gate/address-key.ts'
export { readCredentials } from './gate/credentials.ts'
export { createRateLimit } from './gate/rate-limit.ts'
export { unknownSession } from './gate/session-access.ts'
export { readJson, readOptionalJson } from './gateway/body.ts'
export type {
  Gateway,
  GatewayRequest,
  GatewayResponse,
  HeaderMap,
  Reply,
  StreamReply,
} from './gateway/exchange.ts'
export { createGateway } from './gateway/gateway.ts'
export type { GatewayOptions } from './gateway/gateway.ts'
export { ProblemError } from './gateway/problem.ts'
export { empty, json } from './gateway/reply.ts'
export type { Call, Method, OpenRoute, Route, UserCall, UserRoute } from './gateway/route.ts'
export { clearedCookies, loginHeaders, noCredentials } from './gateway/routes/auth.ts'
export type { ServicesOptions } from './gateway/services.ts'
export { createHub } from './hub/create-hub.ts'
export type { Hub, HubOptions, HubStats, SessionRequest, SubscribeOptions, Subscriber } from './hub/hub.ts'
export type { CloseReason, Sink } from './hub/sink.ts'
export { systemTimers } from './hub/timers.ts'
export type { Timers } from './hub/timers.ts'
export { createHubService } from './hub-service.ts'
export type { HubParts, HubService, HubServiceOptions } from './hub-service.ts'
export { silentLogger } from './logger.ts'
export type { Logger } from './logger.ts'
export type { Metrics } from './metrics/metrics.ts'
export { createClaimer } from './runs/claimer.ts'
export type { Claimer, ClaimerOptions } from './runs/claimer.ts'
export { createHttpRunSource } from './runs/http-run-source.ts'
export type { HttpRunSourceOptions } from './runs/http-run-source.ts'
export { createLocalRunSource } from './runs/local-run-source.ts'
export type { LocalRunSource, LocalRunSourceOptions } from './runs/local-run-source.ts'
export { createReaper } from './runs/reaper.ts'
export type { Reaper, ReaperOptions } from './runs/reaper.ts'
export type { OwnedRun, RunSource } from './runs/run-source.ts'
export type { RunInputEvent, RunWriter } from './runs/run-writer.ts'
