import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { services } from '@pitcrew/contracts'
import { root, text, yaml, type Yaml } from './files.ts'

/** The metrics that the code makes, as Prometheus names them. */
function made(): Set<string> {
  const sources = ['apps', 'libs'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\/src\/.*\.ts$/.test(file) && !/node_modules|\.spec\.ts$/.test(file))
      .map((file) => text(join(folder, file))),
  )
  const instrument = /create(Counter|Histogram|ObservableGauge|Gauge)\('([\w.]+)'/g
  const suffixes = { Counter: ['_total'], Histogram: ['_bucket', '_count', '_sum'], ObservableGauge: [''], Gauge: [''] }
  return new Set(
    [...sources.join('\n').matchAll(instrument)].flatMap(([, kind, name]) =>
      suffixes[kind as keyof typeof suffixes].map((suffix) => name!.replaceAll('.', '_') + suffix),
    ),
  )
}

const asked = (expression: string): string[] => expression.match(/\b(?:pitcrew|rpc|messaging)_\w+(?=[{[)\s]|$)/g) ?? []
const labels = /^(?:rpc_service|rpc_grpc_status_code)$/

test('alerts and dashboard ask for metrics that the services make', () => {
  const rules: Yaml[] = yaml('deploy/prometheus/alerts.yaml').groups.flatMap((group: Yaml) => group.rules)
  const panels: Yaml[] = JSON.parse(text('deploy/grafana/dashboards/pitcrew.json')).panels
  const expressions = [
    ...rules.map(({ expr }) => expr),
    ...panels.flatMap(({ targets }) => targets.map((one: Yaml) => one.expr)),
  ]
  const names = [...new Set(expressions.flatMap(asked))].filter((name) => !labels.test(name))
  expect(names.length).toBeGreaterThan(8)
  const known = made()
  expect(names.filter((name) => !known.has(name))).toEqual([])
})

test('every alert says what to do', () => {
  const rules: Yaml[] = yaml('deploy/prometheus/alerts.yaml').groups.flatMap((group: Yaml) => group.rules)
  for (const { alert, annotations, labels: has } of rules)
    expect([alert, annotations.summary, annotations.action, has.severity]).toEqual([
      alert,
      expect.any(String),
      expect.any(String),
      expect.stringMatching(/^(critical|warning)$/),
    ])
})

test('Prometheus looks for every service', () => {
  const [{ dns_sd_configs: found }] = yaml('deploy/prometheus/prometheus.yaml').scrape_configs
  expect([...found[0].names].sort()).toEqual([...services].sort())
})
