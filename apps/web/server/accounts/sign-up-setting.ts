import { ConfigError } from '@throughline/server'

/** `SIGN_UP`: whether anybody new may have an account. @throws ConfigError */
export function readSignUp(env: Readonly<Record<string, string | undefined>>): 'open' | 'closed' {
  const word = env['SIGN_UP']?.trim() ?? ''
  if (word === '' || word === 'open') return 'open'
  if (word === 'closed') return 'closed'
  throw new ConfigError(['SIGN_UP must be one of open, closed'])
}
