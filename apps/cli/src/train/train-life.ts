/** N3: a model of remaining life from run-to-failure histories. */
import { basename } from 'node:path'
import { trainLife } from '@pitcrew/detection'
import { Terminal } from '@pitcrew/errors'
import { cmapssHorizon, lifeUnitsOfCmapss } from '../evaluate/cmapss/life-units.ts'
import { cmapssSettings, readCmapssUnits } from '../evaluate/cmapss/read-cmapss.ts'
import type { Artefact } from './artefact.ts'
import type { Training } from './training.ts'

export interface LifeWishes {
  system: string
  vehicleModels: readonly string[]
  cycleHours: number
}

export interface LifeOptions {
  /** Vehicles are watched from their first day; otherwise a model must do without knowing how old one is. */
  fromNew: boolean
}

/** The formats that hold whole lives of units, and how each is read. */
const readers: Record<string, typeof lifeUnitsFrom> = { cmapss: lifeUnitsFrom }

function lifeUnitsFrom(text: string, file: string) {
  const units = lifeUnitsOfCmapss(readCmapssUnits(text, file))
  return { units, settings: cmapssSettings, horizon: cmapssHorizon }
}

/** Throws Terminal UNKNOWN_FORMAT, DATA_SET_INCOMPLETE, LIFE_HISTORY_INVALID. */
export function trainLifeModel(training: Training, wishes: LifeWishes, { fromNew }: LifeOptions): Artefact {
  const { format, file, text, sha256, card, onProgress } = training
  const read = readers[format]
  if (read === undefined)
    throw new Terminal(
      'UNKNOWN_FORMAT',
      `no lives are read from "${format}": expected ${Object.keys(readers).join(', ')}`,
    )
  const { units, settings, horizon } = read(text, basename(file))
  const description = `${units.length} units run to failure, from ${basename(file)} (${format})`
  const trained = trainLife(units, {
    card: { ...card, data: { description, sha256 } },
    settings,
    horizon,
    lateStarts: !fromNew,
    onProgress,
  })
  const { card: written, ...model } = trained
  return { card: written, serves: { ...wishes }, model }
}
