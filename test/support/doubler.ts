/**
 * A broker that delivers everything twice: each message of an event or a task is published once more, as it is, under an id
 * of its own, so that neither the broker nor a stream's window can tell that it is the same.
 */
import { connect } from '@nats-io/transport-node'
import { events, streams } from '@pitcrew/contracts'

const mark = 'pitcrew-doubled'

export async function doubleEverything(url: string): Promise<{ doubled(): number; stop(): Promise<void> }> {
  const connection = await connect({ servers: url })
  let doubled = 0
  const subjects = [...Object.values(events).map(({ subject }) => `${subject}.>`), ...streams.TASKS.subjects]
  for (const subject of subjects) {
    connection.subscribe(subject, {
      callback: (_, message) => {
        const { headers } = message
        if (!headers || headers.has(mark)) return
        headers.set(mark, 'true')
        headers.set('Nats-Msg-Id', `again:${headers.get('Nats-Msg-Id')}:${doubled++}`)
        connection.publish(message.subject, message.data, { headers })
      },
    })
  }
  await connection.flush()
  return { doubled: () => doubled, stop: () => connection.drain() }
}
