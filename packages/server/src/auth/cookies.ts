/**
 * Where a login lives in the browser. Over TLS the names carry a prefix that neither plain http nor another host of the
 * domain can plant: with a planted refresh token somebody would go on as somebody else. PROTOCOL.md §6.
 */
export const AUTH_COOKIE = { http: 'auth_token', https: '__Host-auth_token' } as const
export const REFRESH_COOKIE = { http: 'refresh_token', https: '__Host-refresh_token' } as const

/** Lets a reader read what one link is for. */
export const SHARE_COOKIE = { http: 'share_token', https: '__Secure-share_token' } as const

/** The only path that the refresh token needs to travel to; the prefix wants all of the host. */
const REFRESH_PATH = { http: '/api/auth', https: '/' } as const

/** Value of the first cookie of this name. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=')
    if (equals !== -1 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim()
  }
  return undefined
}

export interface LoginCookie {
  readonly value: string
  /** 0 clears it. */
  readonly maxAgeMs: number
  readonly protocol: 'http' | 'https'
}

/** `Set-Cookie` of the access token. */
export function authCookie(cookie: LoginCookie): string {
  return setCookie(AUTH_COOKIE[cookie.protocol], '/', cookie)
}

/** `Set-Cookie` of the refresh token. */
export function refreshCookie(cookie: LoginCookie): string {
  return setCookie(REFRESH_COOKIE[cookie.protocol], REFRESH_PATH[cookie.protocol], cookie)
}

/** `Set-Cookie` of a reader's token: it travels to the link's own paths and nowhere else. */
export function shareCookie(shareId: string, cookie: LoginCookie): string {
  return setCookie(SHARE_COOKIE[cookie.protocol], `/api/shares/${shareId}`, cookie)
}

function setCookie(name: string, path: string, { value, maxAgeMs, protocol }: LoginCookie): string {
  const maxAge = `Max-Age=${String(Math.max(0, Math.floor(maxAgeMs / 1_000)))}`
  const parts = [`${name}=${value}`, `Path=${path}`, maxAge, 'HttpOnly', 'SameSite=Lax']
  return (protocol === 'https' ? [...parts, 'Secure'] : parts).join('; ')
}
