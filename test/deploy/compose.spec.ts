import { describe, expect, test } from '@jest/globals'
import { services, type ServiceName } from '@pitcrew/contracts'
import { defaultPorts, envPrefix } from '@pitcrew/service'
import { text, yaml, type Yaml } from './files.ts'
import { envKeys } from './services.ts'

const { services: containers, networks, volumes } = yaml('docker-compose.yml')
const named = Object.entries<Yaml>(containers)
const settingsOfSimulator = text('apps/simulator/src/settings.ts')
/** Their ports are published, each once. */
const doors = ['gateway', 'telematics-ingest', 'nats', 'simulator', 'jaeger', 'prometheus', 'grafana']

describe('docker compose', () => {
  test.each(services)('N10 runs %s as a container of its own, from the one image', (name) => {
    expect(containers[name]).toMatchObject({
      image: containers.setup.image,
      command: [name],
      restart: 'unless-stopped',
    })
    expect(named.filter(([, { build }]) => build !== undefined).map(([key]) => key)).toEqual(['setup'])
  })

  test.each(services)('N10 gives %s variables that it reads, and addresses that are somebody’s', (name) => {
    const { environment } = containers[name]
    expect(Object.keys(environment).filter((key) => !envKeys[name].has(key))).toEqual([])
    for (const other of services.filter((one) => one !== 'gateway'))
      expect(environment[`${envPrefix(other)}_ADDR`]).toBe(`${other}:${defaultPorts[other].grpc}`)
  })

  test('N10 gives the simulator variables that it reads', () => {
    const keys = Object.keys(containers.simulator.environment)
    expect(keys.filter((key) => !settingsOfSimulator.includes(`  ${key}:`))).toEqual([])
  })

  test('N10 lets every service be scaled that is not a door', () => {
    for (const [name, { container_name, ports }] of named) {
      expect([name, container_name]).toEqual([name, undefined])
      expect([name, ports !== undefined]).toEqual([name, doors.includes(name)])
    }
  })

  test('publishes ports on this machine alone', () => {
    const published = named.flatMap(([, { ports = [] }]) => ports as string[])
    expect(published.length).toBeGreaterThan(doors.length)
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([])
  })

  test('N5 confines every container', () => {
    const confined = { cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'], read_only: true }
    for (const [name, container] of named) expect({ name, ...container }).toMatchObject({ name, ...confined })
    expect(named.filter(([, { privileged, network_mode }]) => privileged || network_mode === 'host')).toEqual([])
  })

  test('bounds what a container that stays may use', () => {
    const staying = named.filter(([, { restart }]) => restart !== undefined)
    expect(staying.length).toBeGreaterThan(services.length)
    for (const [name, { deploy }] of staying) {
      const { cpus, memory } = deploy.resources.limits
      expect([name, Number(cpus) > 0, /^\d+[MG]$/.test(memory)]).toEqual([name, true, true])
    }
  })

  test('pins every image', () => {
    for (const [name, { image }] of named) {
      expect([name, image]).toEqual([name, expect.stringMatching(/^[a-z/]+:.+$/)])
      expect(image).not.toMatch(/:latest$/)
    }
  })

  test('N5 shows each service its own credentials and nobody else’s, to read', () => {
    for (const name of services) expect(containers[name].volumes).toEqual([`${name}:/run/pitcrew:ro`])
    for (const [name, { volumes: mounted = [] }] of named) {
      const credentials = (mounted as string[]).some((volume) => volume.startsWith('credentials:'))
      expect([name, credentials]).toEqual([name, name === 'setup'])
    }
    expect(services.filter((name) => !(name in volumes))).toEqual([])
  })

  test('N5 keeps broker and database on networks that reach nothing outside', () => {
    const inwardOnly = { driver_opts: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' } }
    expect(networks).toEqual({ platform: { internal: true }, database: { internal: true }, devices: inwardOnly })
    expect(containers.nats.networks).toEqual(['devices', 'platform'])
    expect(containers.postgres.networks).toEqual(['database'])
    const strangers: ServiceName[] = services.filter(
      (name) => containers[name].networks.includes('database') && name === 'gateway',
    )
    expect(strangers).toEqual([])
  })

  test('holds no secret', () => {
    expect(containers.postgres.environment.POSTGRES_PASSWORD).toBe('until-roles-sql')
    const rest = text('docker-compose.yml').replace('POSTGRES_PASSWORD: until-roles-sql', '')
    // One that whoever starts it has in the environment, and nothing in its place where there is none.
    expect(rest).not.toMatch(/(PASSWORD|SEED|TOKEN|SECRET)\w*:\s*(?!\$\{\w+-?\}\s)\S/)
  })
})

test('the image has the ops port of every service where its health check asks', () => {
  const dockerfile = text('deploy/docker/Dockerfile')
  for (const name of services) {
    expect(envKeys[name].has(`${envPrefix(name)}_OPS_PORT`)).toBe(true)
    expect(dockerfile).toContain(`${envPrefix(name)}_OPS_PORT=9090`)
  }
  expect(text('deploy/docker/healthy.mjs')).toContain('http://127.0.0.1:9090/healthz')
  expect(dockerfile).toMatch(/^USER 1000:1000$/m)
})
