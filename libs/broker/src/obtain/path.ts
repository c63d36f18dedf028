import { onPath } from '../run.ts'
import { found, missed, type Source } from './source.ts'

export const path: Source = {
  name: 'path',
  trying: 'nats-server on PATH',
  async look({ env }) {
    const binary = onPath('nats-server', env)
    return binary ? found(binary) : missed('not on PATH')
  },
}
