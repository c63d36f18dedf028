import { describe, expect, test } from '@jest/globals'
import { capabilities, services, telemetryPartitions } from '@pitcrew/contracts'
import { taskDurable, taskPriorities } from '@pitcrew/messaging'
import { defaultPorts, envPrefix } from '@pitcrew/service'
import { everyEnvKey, envKeys } from './services.ts'
import { containersOf, podOf, render } from './kustomize.ts'
import { bundleNames } from './provisioning.ts'
import type { Yaml } from './files.ts'

const overlays = {
  local: render('deploy/kubernetes/overlays/local'),
  production: render('deploy/kubernetes/overlays/production'),
}
const named = (resources: Yaml[], kind: string, name: string): Yaml =>
  resources.find((one) => one.kind === kind && one.metadata.name === name)

describe.each(Object.entries(overlays))('the %s manifests', (overlay, { resources, environment }) => {
  const pods = resources.filter((one) => podOf(one) !== undefined)

  test.each(services)('N10 run %s, reach it, and let a node be drained', (name) => {
    const deployment = named(resources, 'Deployment', name)
    const [container] = containersOf(deployment)
    expect(container).toMatchObject({ name: 'service', args: [name] })
    const { grpc, http } = defaultPorts[name]
    // Devices get a gRPC port of their own, which is not that of the services.
    const devices = name === 'telematics-ingest' ? [50061] : []
    const expected = [
      ...devices,
      ...(name === 'gateway' ? [] : [grpc]),
      ...(http === undefined ? [] : [http]),
      9090,
    ].sort()
    expect(container.ports.map(({ containerPort }: Yaml) => containerPort).sort()).toEqual(expected)
    expect(
      named(resources, 'Service', name)
        .spec.ports.map(({ port }: Yaml) => port)
        .sort(),
    ).toEqual(expected)
    const { maxUnavailable, selector } = named(resources, 'PodDisruptionBudget', name).spec
    expect({ maxUnavailable, ...selector }).toEqual({
      maxUnavailable: 1,
      matchLabels: deployment.spec.selector.matchLabels,
    })
  })

  test.each(services)('N10 give %s variables that it reads', (name) => {
    const own = containersOf(named(resources, 'Deployment', name))[0].env ?? []
    expect(own.map((one: Yaml) => one.name).filter((key: string) => !envKeys[name].has(key))).toEqual([])
  })

  test('N10 share only variables that some service reads, and addresses that are somebody’s', () => {
    expect(Object.keys(environment).filter((key) => !everyEnvKey.has(key))).toEqual(['NATS_REPLICAS'])
    for (const name of services.filter((one) => one !== 'gateway'))
      expect(environment[`${envPrefix(name)}_ADDR`]).toBe(`${name}:${defaultPorts[name].grpc}`)
  })

  test('N5 confine every container', () => {
    expect(pods.length).toBeGreaterThan(services.length)
    for (const pod of pods) {
      const { securityContext, automountServiceAccountToken, serviceAccountName } = podOf(pod)!
      const name = pod.metadata.name
      expect({ name, ...securityContext }).toMatchObject({
        name,
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      })
      expect([name, automountServiceAccountToken]).toEqual([name, false])
      expect(named(resources, 'ServiceAccount', serviceAccountName)?.automountServiceAccountToken).toBe(false)
      for (const container of containersOf(pod)) {
        expect({ name, ...container.securityContext }).toEqual({
          name,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        })
      }
    }
  })

  test('ask every container that stays for its health, and bound its memory', () => {
    for (const pod of pods) {
      for (const { name, resources: bounds, livenessProbe, readinessProbe } of containersOf(pod)) {
        expect([pod.metadata.name, name, bounds.limits.memory]).toEqual([
          pod.metadata.name,
          name,
          expect.stringMatching(/^\d+[MG]i$/),
        ])
        if (pod.kind !== 'Job')
          expect([name, livenessProbe, readinessProbe]).toEqual([name, expect.anything(), expect.anything()])
      }
    }
    for (const name of services) {
      const { livenessProbe, readinessProbe } = containersOf(named(resources, 'Deployment', name))[0]
      expect([livenessProbe.httpGet, readinessProbe.httpGet]).toEqual([
        { path: '/healthz', port: 'ops' },
        { path: '/readyz', port: 'ops' },
      ])
    }
  })

  test('pin every image', () => {
    for (const { image } of pods.flatMap(containersOf)) {
      expect(image).toMatch(/^[a-z0-9./-]+:[\w.-]+$/)
      expect(image).not.toMatch(/:latest$/)
    }
  })

  test('N5 refer to the Secrets that provisioning makes, each pod to its own, and hold none', () => {
    expect(resources.filter(({ kind }) => kind === 'Secret')).toEqual([])
    const known = bundleNames.map((name) => `pitcrew-${name}`)
    for (const pod of pods) {
      const mounted: string[] = (podOf(pod)!.volumes ?? []).flatMap(({ secret, projected }: Yaml) => [
        ...(secret ? [secret.secretName] : []),
        ...(projected?.sources ?? []).flatMap((source: Yaml) => (source.secret ? [source.secret.name] : [])),
      ])
      const own = pod.metadata.name === 'provision' ? 'provisioner' : pod.metadata.name
      expect(mounted.filter((name) => name !== `pitcrew-${own}` || !known.includes(name))).toEqual([])
      if ((services as readonly string[]).includes(own)) expect(mounted).toHaveLength(1)
    }
  })

  test('N5 let nothing speak but along named lines, and every service to the broker', () => {
    const policies = resources.filter(({ kind }) => kind === 'NetworkPolicy')
    expect(named(resources, 'NetworkPolicy', 'nothing-else').spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    })
    const clients = [...services, 'provision'].sort()
    const outgoing = named(policies, 'NetworkPolicy', 'to-the-broker').spec.podSelector.matchExpressions[0].values
    const incoming = named(policies, 'NetworkPolicy', 'broker').spec.ingress[0].from[0].podSelector.matchExpressions[0]
      .values
    expect([[...outgoing].sort(), [...incoming].sort()]).toEqual([clients, clients])
  })

  test('have as many brokers as copies of a stream', () => {
    const copies = overlay === 'local' ? 1 : 3
    expect(named(resources, 'StatefulSet', 'nats').spec.replicas).toBe(copies)
    expect(Number(environment.NATS_REPLICAS)).toBe(copies)
    expect(Number(environment.WORKFLOW_REPLICAS ?? 1)).toBe(copies)
    expect(environment.NATS_URL!.split(',')).toHaveLength(copies)
  })
})

describe('in production', () => {
  const { resources, environment } = overlays.production
  const byBacklog = resources.filter(({ kind }) => kind === 'ScaledObject')
  const byLoad = resources.filter(({ kind }) => kind === 'HorizontalPodAutoscaler')

  test('N10 every service is scaled, once', () => {
    const scaled = [...byBacklog, ...byLoad].map(({ spec }) => spec.scaleTargetRef.name)
    expect(scaled.sort()).toEqual([...services].sort())
    expect(byLoad.map(({ metadata }) => metadata.name)).toEqual(['gateway', 'telematics-ingest'])
  })

  test('N10 nothing grows beyond what it can share', () => {
    const most = (name: string) => named(byBacklog, 'ScaledObject', name).spec.maxReplicaCount
    expect(most('data-analysis')).toBeLessThanOrEqual(telemetryPartitions)
    expect(most('orchestrator')).toBeLessThanOrEqual(Number(environment.WORKFLOW_PARTITIONS))
  })

  test('N10 the backlog that counts is that of tasks which the service takes', () => {
    for (const { metadata, spec } of byBacklog) {
      const watched: string[] = spec.triggers
        .filter((trigger: Yaml) => trigger.metadata.stream === 'TASKS')
        .map((trigger: Yaml) => trigger.metadata.consumer)
      const own = Object.values(capabilities)
        .filter(({ service }) => service === metadata.name)
        .flatMap(({ name }) => taskPriorities.map((priority) => taskDurable(name, priority)))
      expect(watched.filter((consumer) => !own.includes(consumer))).toEqual([])
    }
  })
})
