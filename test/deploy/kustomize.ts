/**
 * As much of kustomize as the manifests here use, so that what is rendered can be looked at wherever the tests run: resources,
 * one patch by label, images, and ConfigMaps from files of variables.
 */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { documents, envFile, root, yaml, type Yaml } from './files.ts'

export interface Rendered {
  resources: Yaml[]
  /** Of the ConfigMap `pitcrew-environment`. */
  environment: Record<string, string>
}

export function render(folder: string): Rendered {
  const {
    resources = [],
    patches = [],
    images = [],
    configMapGenerator = [],
  } = yaml(join(folder, 'kustomization.yaml'))
  const rendered: Rendered = { resources: [], environment: {} }
  for (const path of resources as string[]) {
    const at = join(folder, path)
    const inner = statSync(join(root, at)).isDirectory() ? render(at) : { resources: documents(at), environment: {} }
    rendered.resources.push(...inner.resources)
    Object.assign(rendered.environment, inner.environment)
  }
  for (const { envs = [] } of configMapGenerator as { envs?: string[] }[])
    for (const file of envs) Object.assign(rendered.environment, envFile(join(folder, file)))
  for (const { path } of patches as { path: string }[])
    patchServices(rendered.resources, documents(join(folder, path))[0])
  for (const container of rendered.resources.flatMap(containersOf)) {
    const image = (images as Yaml[]).find(({ name }) => name === container.image)
    if (image) container.image = `${image.newName ?? image.name}:${image.newTag}`
  }
  return rendered
}

function patchServices(resources: Yaml[], patch: Yaml): void {
  for (const one of resources) {
    const { kind, metadata } = one
    if (kind === 'Deployment' && metadata.labels['app.kubernetes.io/component'] === 'service')
      merge(one.spec, patch.spec)
  }
}

function merge(into: Yaml, from: Yaml): void {
  for (const [key, value] of Object.entries<Yaml>(from)) {
    if (Array.isArray(value) && value[0]?.name !== undefined) mergeNamed((into[key] ??= []), value)
    else if (typeof value === 'object' && value !== null && !Array.isArray(value)) merge((into[key] ??= {}), value)
    else into[key] = value
  }
}

function mergeNamed(into: Yaml[], from: Yaml[]): void {
  for (const one of from) {
    const same = into.find(({ name }) => name === one.name)
    if (same) merge(same, one)
    else into.push(structuredClone(one))
  }
}

export function podOf({ spec }: Yaml): Yaml | undefined {
  return spec?.template?.spec
}

export function containersOf(resource: Yaml): Yaml[] {
  const { containers = [], initContainers = [] } = podOf(resource) ?? {}
  return [...initContainers, ...containers]
}
