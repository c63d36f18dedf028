import type { Bundles } from './bundles.ts'

/** A Secret `pitcrew-<container>` for each, as JSON for `kubectl apply -f -`. */
export function kubernetesSecrets(bundles: Bundles): string {
  const items = Object.entries(bundles).map(([name, stringData]) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `pitcrew-${name}`, labels: { 'app.kubernetes.io/part-of': 'pitcrew' } },
    type: 'Opaque',
    stringData,
  }))
  return `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 2)}\n`
}
