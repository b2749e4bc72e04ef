import { ProblemError, Refusal } from '@throughline/server'

/** The answer to somebody whose login or link is good, and whose password is not. Not 401, which says that a login is over. */
export function wrongPassword(): ProblemError {
  const detail = 'That is not your password.'
  const cause = new Refusal('wrong_credentials')
  return new ProblemError('Wrong password', { code: 'invalid_request', status: 403, detail, cause })
}

/** The one answer to every mailed link that does not work: used, expired, forged, or of something that is over. */
export function deadLink(): ProblemError {
  const detail = 'This link was used already, has expired, or was not copied whole.'
  const cause = new Refusal('unknown_link')
  return new ProblemError('Not found', { code: 'not_found', status: 404, detail, cause })
}
