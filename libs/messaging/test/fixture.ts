import { analysis, events, scheduling, type ServiceName } from '@pitcrew/contracts'
import { connectMessaging, type Messaging } from '@pitcrew/messaging'
import { testBroker, testTelemetry, type TestBroker, type TestTelemetry } from '@pitcrew/testing'

export type Client = Messaging & { telemetry: TestTelemetry }

/** One broker for a spec file; its clients are drained with it. */
export async function brokerWithClients() {
  const broker: TestBroker = await testBroker()
  const clients = clientsOf(() => broker.url)
  return {
    broker,
    client: clients.client,
    async stop() {
      await clients.drain()
      await broker.stop()
    },
  }
}

export function clientsOf(url: () => string) {
  const open: Messaging[] = []
  return {
    async client(
      service: ServiceName,
      instance = 'i1',
      credentials: { user?: string; password?: string; nkeySeed?: string } = {},
    ): Promise<Client> {
      const messaging = await connectMessaging({
        url: url(),
        service,
        instance,
        telemetry: testTelemetry(service),
        ...credentials,
      })
      open.push(messaging)
      return messaging as Client
    },
    async drain() {
      await Promise.all(open.splice(0).map((messaging) => messaging.drain()))
    },
  }
}

export const alertAbout = (vehicleId: string, alertId = `alert-${vehicleId}`) =>
  analysis.Alert.fromPartial({ alertId, vehicleId })

export const bookingOf = (caseId: string) => scheduling.BookingChanged.fromPartial({ booking: { caseId } })

export const { alertRaised, alertEscalated, bookingChanged, frameReceived } = events

/** A handler that keeps what it was given. */
export function collector<T>() {
  const received: T[] = []
  return {
    received,
    keep: async (item: T) => {
      received.push(item)
    },
  }
}
