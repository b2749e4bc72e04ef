import { answerBy } from '../backend'

/** Every other route of the API, where the hub is elsewhere (`BACKEND_URL`). */
const answer = (request: Request): Promise<Response> => answerBy('api', request)

export { answer as GET, answer as POST, answer as PUT, answer as PATCH, answer as DELETE, answer as OPTIONS }
export const dynamic = 'force-dynamic'
