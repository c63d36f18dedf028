import type { Target } from '../api/locate.ts'
import { json, line } from '../operate/output.ts'
import { yellow } from '../print/colour.ts'
import { tick } from '../print/ticks.ts'
import * as machine from './machine.ts'
import { platform } from './platform.ts'

/** True when nothing is in the way. */
export async function doctor(options: Target & { json?: boolean }): Promise<boolean> {
  const findings = [
    ...(await Promise.all([
      machine.node(),
      machine.program('npm'),
      machine.program('git'),
      machine.natsServer(process.env),
      machine.docker(),
      machine.disk(),
      machine.memory(),
    ])),
    ...(await platform(options)),
  ]
  if (options.json) json(findings)
  else {
    for (const { name, verdict, words, next } of findings) {
      line(tick(verdict, name, { words }))
      if (next !== undefined) line(`      ${yellow('next:')} ${next}`)
    }
  }
  return findings.every(({ verdict }) => verdict !== 'fail')
}
