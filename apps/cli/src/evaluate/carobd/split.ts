/**
 * The drives that thresholds of the detectors were tuned on. Every other one is held out: those of this list that a folder
 * does not hold, and all further ones that it does.
 */
const tunedOn = new Set([
  'drive1',
  'drive5',
  'idle1',
  'idle13',
  'idle2',
  'live1',
  'live2',
  'live3',
  'live8',
  'long3',
  'ufpe2',
  'ufpe9',
])

export const parts = ['tuned', 'heldOut'] as const
export type Part = (typeof parts)[number]

export const partOf = (drive: string): Part => (tunedOn.has(drive) ? 'tuned' : 'heldOut')
