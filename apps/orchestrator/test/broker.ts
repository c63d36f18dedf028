import { provisionJobs } from '@pitcrew/jobs'
import { testBroker, testMessaging, type TestBroker } from '@pitcrew/testing'

/** With the streams of jobs too, as a deployment has them. */
export async function brokerWithJobs(): Promise<TestBroker> {
  const broker = await testBroker()
  try {
    const messaging = await testMessaging(broker, 'orchestrator')
    await provisionJobs(messaging.connection, { replicas: 1, fileStorage: true }).finally(() => messaging.drain())
    return broker
  } catch (error) {
    await broker.stop()
    throw error
  }
}
