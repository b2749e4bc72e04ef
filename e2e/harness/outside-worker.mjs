// A worker that knows nothing but HTTP: claims one run and streams an answer into it, slowly, until it is killed.
const [url, token] = process.argv.slice(2)
const post = async (path, body) => {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return response.status === 204 ? undefined : response.json()
}

let run
while (run === undefined) run = await post('/api/runs/claim', { wait: 5, owner: 'outside' })

const { sessionId, runId, fence, input } = run
const messageId = `a_${runId}`
let producerSeq = 0
const publish = (type, data) => {
  producerSeq += 1
  return post(`/api/sessions/${sessionId}/events`, {
    producerId: 'outside',
    producerSeq,
    runId,
    fence,
    events: [{ type, data, runId, messageId, parentId: input.messageId }],
  })
}

await publish('message_started', { messageId, role: 'assistant' })
for (let word = 1; ; word += 1) {
  await publish('message_chunk', { messageId, content: `word ${word} `, isComplete: false })
  if (word === 10) console.log('streaming')
  await new Promise((resolve) => setTimeout(resolve, 50))
}
