/**
 * The world around the platform (L12): vehicles behind a telematics provider, their owners with their mail, a dealer, and a
 * door to steer it all. Nothing of it is needed in production, and the platform knows none of it but by URL.
 */
import { toFailure } from '@pitcrew/errors'
import { createTelemetry, type Logger } from '@pitcrew/observability'
import { startControlApi } from './control/control-api.ts'
import { simulatedCustomers, type Persona, type SimulatedCustomers } from './customers/index.ts'
import { dealerApi, type DealerApi } from './dealer/index.ts'
import { mailSink, type MailSink } from './mail/index.ts'
import { publicDoor } from './seed/public-door.ts'
import { seedFleet, seedVehicle, vehicleIdsOf, type Seeded } from './seed/seed-fleet.ts'
import { settingsOf, type Settings } from './settings.ts'
import { startTelematicsApi, type TelematicsApi } from './telematics-api/index.ts'
import { createFleet, type Fleet } from './vehicles/fleet.ts'
import { trueFaultOf } from './vehicles/true-faults.ts'

export interface SimulatorOptions {
  /** Default: process.env. */
  env?: Record<string, string | undefined>
  logger?: Logger
  now?: () => number
}

export interface SimulatorPorts {
  telematicsApi: number
  dealerApi: number
  control: number
  smtp: number
  mailWeb: number
}

export interface Simulator {
  ports: SimulatorPorts
  urls: Record<'telematicsApi' | 'dealerApi' | 'control' | 'smtp' | 'mailWeb', string>
  fleet: Fleet
  mail: Pick<MailSink, 'messages' | 'onMail'>
  customers: Pick<SimulatedCustomers, 'pressed'>
  dealer: Pick<DealerApi, 'appointments' | 'faults'>
  telematicsApi: Pick<TelematicsApi, 'trouble'>
  /** What a mechanic will find in a vehicle that is not of the fleet, such as a replayed one. */
  declareFault(vehicleId: string, fault: string): void
  /** The fleet's registration with the platform; undefined when none was asked for. Rejects when it failed. */
  seeded: Promise<Seeded | undefined>
  stop(): Promise<void>
}

type Closing = () => Promise<unknown>

/** Throws Terminal BAD_CONFIG; when a port is taken, nothing is left running. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const settings = settingsOf(options.env ?? process.env)
  const closings: Closing[] = []
  const stop = async () => {
    for (const close of closings.splice(0).reverse()) await close()
  }
  try {
    return { ...(await assemble(settings, options, closings)), stop }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

async function assemble(
  settings: Settings,
  options: SimulatorOptions,
  closings: Closing[],
): Promise<Omit<Simulator, 'stop'>> {
  const { PITCREW_BIND: host } = settings
  const now = options.now ?? Date.now
  const logger = options.logger ?? ownLogger(closings)
  const fleet = createFleet()
  const declared = new Map<string, string>()

  const telematicsApi = await startTelematicsApi({ fleet, host, port: settings.SIMULATOR_TELEMATICS_PORT, now })
  closings.push(telematicsApi.stop)
  const dealer = dealerApi({
    serviceDelayMs: settings.SIMULATOR_SERVICE_MS,
    faultOf: (vehicleId) => {
      const { fault, odometerKm = 0 } = fleet.find(vehicleId) ?? {}
      const known = fault ?? declared.get(vehicleId)
      return known === undefined ? undefined : trueFaultOf(known, odometerKm)
    },
    onCompleted: (vehicleId, { repaired }) => void (repaired && fleet.repair(vehicleId)),
  })
  const dealerAt = await dealer.start({ port: settings.SIMULATOR_DEALER_PORT, host })
  closings.push(dealerAt.stop)
  const sink = await mailSink({ host, smtpPort: settings.SIMULATOR_SMTP_PORT, webPort: settings.SIMULATOR_MAIL_PORT })
  closings.push(sink.close)
  const customers = simulatedCustomers({
    sink,
    logger,
    door: settings.GATEWAY_URL,
    reactionMs: settings.SIMULATOR_REACTION_MS,
  })
  closings.push(customers.stop)

  const ports: SimulatorPorts = {
    telematicsApi: telematicsApi.port,
    dealerApi: dealerAt.port,
    control: 0,
    smtp: sink.smtpPort,
    mailWeb: sink.webPort,
  }
  const register = (vehicleId: string, persona: Persona) => registerOne(settings, vehicleId, persona)
  const control = await startControlApi({
    host,
    port: settings.SIMULATOR_CONTROL_PORT,
    fleet,
    telematicsApi,
    register,
    urls: () => urlsOf(ports),
    now,
  })
  closings.push(control.stop)
  ports.control = control.port

  for (const vehicleId of vehicleIdsOf(settings.SIMULATOR_VEHICLES)) fleet.add({ vehicleId }, now())
  const declareFault = (vehicleId: string, fault: string) => void declared.set(vehicleId, fault)
  return {
    ports,
    urls: urlsOf(ports),
    fleet,
    mail: sink,
    customers,
    dealer,
    telematicsApi,
    declareFault,
    seeded: seed(settings, logger, closings),
  }
}

/** Without a platform to register with, a vehicle just drives. */
async function registerOne(
  { GATEWAY_URL: gatewayUrl, GATEWAY_TOKEN: token }: Settings,
  vehicleId: string,
  persona: Persona,
): Promise<void> {
  if (gatewayUrl !== undefined)
    await seedVehicle(publicDoor({ gatewayUrl, token, patienceMs: 5_000 }), vehicleId, persona)
}

/** In the background: the platform may start after us. */
function seed(settings: Settings, logger: Logger, closings: Closing[]): Promise<Seeded | undefined> {
  const {
    GATEWAY_URL: gatewayUrl,
    GATEWAY_TOKEN: token,
    SIMULATOR_VEHICLES: vehicles,
    SIMULATOR_SEED: wanted = true,
  } = settings
  if (gatewayUrl === undefined || !wanted) return Promise.resolve(undefined)
  const stopping = new AbortController()
  const seeded = seedFleet({ gatewayUrl, token, vehicles, patienceMs: 300_000, signal: stopping.signal })
  const settled = seeded.then(
    ({ vehicleIds }) => logger.info('fleet registered with the platform', { vehicles: vehicleIds.length }),
    (thrown: unknown) => {
      const { code, message } = toFailure(thrown)
      if (!stopping.signal.aborted)
        logger.error('fleet could not be registered with the platform', { code, reason: message })
    },
  )
  closings.push(async () => {
    stopping.abort()
    await settled
  })
  return seeded
}

function urlsOf(ports: SimulatorPorts): Simulator['urls'] {
  const http = (port: number) => `http://127.0.0.1:${port}`
  return {
    telematicsApi: http(ports.telematicsApi),
    dealerApi: http(ports.dealerApi),
    control: http(ports.control),
    smtp: `smtp://127.0.0.1:${ports.smtp}`,
    mailWeb: http(ports.mailWeb),
  }
}

function ownLogger(closings: Closing[]): Logger {
  const telemetry = createTelemetry({ service: 'simulator', instance: `simulator-${process.pid}` })
  closings.push(() => telemetry.shutdown())
  return telemetry.logger
}
