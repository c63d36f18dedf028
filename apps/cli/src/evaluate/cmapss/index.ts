export { evaluateCmapss } from './evaluate-cmapss.ts'
export { lifeUnitsOfCmapss } from './life-units.ts'
export { cmapssRows, cmapssSettings, cmapssSignals, readCmapssRow, readCmapssUnits } from './read-cmapss.ts'
export type { CmapssRow, CmapssUnit } from './read-cmapss.ts'
