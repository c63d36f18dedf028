/** The load in a process of its own. Started with a `SenderSetup` in JSON. */
import { answerRequests } from '../worker.ts'
import type { Turn } from './frames.ts'
import { bareSender } from './senders/bare.ts'
import { grpcSender } from './senders/grpc.ts'
import { httpSender } from './senders/http.ts'
import { mqttSender } from './senders/mqtt.ts'
import type { Sender, SenderSetup } from './senders/sender.ts'

const setup = JSON.parse(process.argv[2]!) as SenderSetup

function open(): Sender | Promise<Sender> {
  switch (setup.contender) {
    case 'bare':
      return bareSender(setup)
    case 'http':
    case 'httpProtobuf':
      return httpSender(setup, setup.contender)
    case 'grpcStream':
      return grpcSender(setup)
    case 'mqtt':
      return mqttSender(setup)
  }
}

const sender = await open()

const answers = {
  async prepare(turn: Turn): Promise<void> {
    await sender.prepare(turn)
  },
  async send(_: undefined): Promise<{ accepted: number; elapsedMs: number }> {
    const started = performance.now()
    const accepted = await sender.send()
    return { accepted, elapsedMs: performance.now() - started }
  },
  async close(_: undefined): Promise<void> {
    await sender.close()
  },
}

export type LoadAnswers = typeof answers

answerRequests(answers)
