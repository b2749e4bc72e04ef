import { createStreamClient } from '@throughline/client'
import { renderToString } from 'react-dom/server'
import { expect, it } from 'vitest'
import { StreamProvider } from './provider.tsx'
import { useAgents } from './use-agents.ts'
import { useConnection } from './use-connection.ts'
import { useConversation } from './use-conversation.ts'

it('renders on a server, where there is no DOM, and asks for nothing', () => {
  expect(typeof document).toBe('undefined')
  let asked = 0
  const client = createStreamClient({
    baseUrl: 'http://hub',
    fetch: () => {
      asked++
      return Promise.reject(new Error('no'))
    },
  })
  function View() {
    const { messages, status, loaded } = useConversation('s1')
    const connection = useConnection('s1')
    return (
      <p>{[messages.length, status, String(loaded), connection.status, useAgents('s1').length].join(' ')}</p>
    )
  }
  const html = renderToString(
    <StreamProvider client={client}>
      <View />
    </StreamProvider>,
  )
  expect(html).toBe('<p>0 ready false idle 0</p>')
  expect(asked).toBe(0)
  client.close()
})
