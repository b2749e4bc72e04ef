import { answerBy } from '../backend'

/** The specification's route, where the hub is elsewhere (`BACKEND_URL`). */
const answer = (request: Request): Promise<Response> => answerBy('stream', request)

export { answer as GET, answer as OPTIONS }
export const dynamic = 'force-dynamic'
