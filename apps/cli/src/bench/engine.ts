/** `./pitcrew bench engine`: what was asked for, one after the other, and a report at the end. */
import { join } from 'node:path'
import type { NatsServer } from '@pitcrew/broker'
import { toFailure } from '@pitcrew/errors'
import { markdownTable, writeBlock } from '../measure/readme.ts'
import type { Report } from '../measure/report.ts'
import { targetTable } from '../measure/tables.ts'
import { root } from '../platform/checkout.ts'
import { compare, type Compared } from './compare.ts'
import type { Contender, PeerName, Place } from './contender.ts'
import { readOptions, type EngineBenchFlags, type EngineBenchOptions } from './options.ts'
import { measureParked } from './parked.ts'
import { findServer } from './pitcrew/broker.ts'
import { pitcrewContenders } from './pitcrew/contenders.ts'
import { makePlace } from './place.ts'
import { requireProc } from './process-tree.ts'
import { protocolOf } from './protocol.ts'
import { shortTables, terminalText } from './render.ts'
import { report, targetsFor, type Measured } from './report.ts'
import { measureScale } from './scale.ts'

const benchDir = join(root, '.pitcrew/bench')
const readmeFile = join(root, 'README.md')

const makePeer: Record<PeerName, (place: Place) => Promise<Contender>> = {
  restate: async (place) => (await import('./peers/restate.ts')).restate(place),
  dbos: async (place) => (await import('./peers/dbos.ts')).dbos(place),
}

/** True when every target of what was asked for is met. @throws Terminal BAD_USAGE, BENCH_NEEDS_LINUX */
export async function benchEngine(flags: EngineBenchFlags): Promise<boolean> {
  const options = readOptions(flags)
  requireProc()
  const place = makePlace(benchDir)
  for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 })) {
    // Everything that was started ends with this process; what it still writes until then goes with the next run.
    process.once(signal, () => {
      place.remove()
      process.exit(code)
    })
  }
  try {
    const { measured, summary } = await measureAll(options, place)
    const text = terminalText(measured, summary)
    if (options.writeReadme) writeBlock(readmeFile, 'bench:engine', readmeText(measured, summary))
    process.stdout.write(options.json ? `${JSON.stringify(summary)}\n` : `\n${text}\n`)
    return summary.met
  } finally {
    place.remove()
  }
}

interface Outcome {
  measured: Measured
  summary: Report
}

async function measureAll(options: EngineBenchOptions, place: Place): Promise<Outcome> {
  const { comparison, parked, scale, partitions, profileDir } = options
  const onProgress = (words: string): void => void process.stderr.write(`${words}\n`)
  const server = await findServer(onProgress)
  const common = { server, place, partitions, profileDir, onProgress }
  const compared = comparison && (await runComparison(comparison, common))
  const measured: Measured = {
    ...(compared && { comparison: compared.samples }),
    ...(parked !== undefined && { parked: await measureParked({ ...common, workflows: parked }) }),
    ...(scale && { scale: await measureScale({ ...common, ...scale }) }),
  }
  const targets = targetsFor({
    restate: comparison?.peers.includes('restate') ?? false,
    parked: parked !== undefined,
  })
  const protocol = protocolOf({
    options,
    contenders: compared?.contenders ?? [],
    absent: compared?.failed ?? {},
    samples: compared?.samples ?? [],
    natsServer: server.version,
  })
  return { measured, summary: report(measured, { protocol, targets }) }
}

interface Common {
  server: NatsServer
  place: Place
  partitions: number
  profileDir: string | undefined
  onProgress: (words: string) => void
}

async function runComparison(
  { peers, ...rest }: NonNullable<EngineBenchOptions['comparison']>,
  common: Common,
): Promise<Compared & { contenders: Contender[] }> {
  const contenders = pitcrewContenders(common)
  const absent: Compared['failed'] = {}
  for (const peer of peers) {
    try {
      contenders.push(await makePeer[peer](common.place))
    } catch (error) {
      const { message, hint } = toFailure(error)
      absent[peer] = message
      common.onProgress(`${peer} is left out: ${message}${hint === undefined ? '' : ` (${hint})`}`)
    }
  }
  const { samples, failed } = await compare({ ...rest, contenders, onProgress: common.onProgress })
  return { samples, failed: { ...absent, ...failed }, contenders }
}

function readmeText(measured: Measured, summary: Report): string {
  const { machine, node, rounds } = summary.protocol as { machine: { cores: number }; node: string; rounds?: number }
  const tables = [...shortTables(measured), targetTable(summary)].filter(({ rows }) => rows.length > 0)
  const words =
    `Printed by \`./pitcrew bench engine --write-readme\` on ${machine.cores} cores with Node ${node.slice(1)}` +
    `${rounds === undefined ? '' : `, medians of ${rounds} rounds`}; [how](docs/guides/benchmarks.md).`
  return [...tables.map(markdownTable), words].join('\n\n')
}
