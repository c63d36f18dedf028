import type { scheduling } from '@pitcrew/contracts'

const allWeek = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '07:00', closes: '20:00' }))

const skillSets = [
  ['engine', 'diagnostics'],
  ['electrical', 'diagnostics'],
  ['brakes', 'engine'],
  ['engine', 'electrical'],
  ['brakes', 'diagnostics'],
  ['engine', 'electrical', 'brakes', 'diagnostics'],
]

function centre(centreId: string, name: string, timeZone: string): scheduling.Centre {
  return {
    centreId,
    name,
    timeZone,
    openingHours: allWeek,
    bays: [1, 2, 3, 4].map((number) => `${centreId}-bay-${number}`),
    technicians: skillSets.map((skills, i) => ({ technicianId: `${centreId}-technician-${i + 1}`, skills })),
  }
}

/** Open every day, with several technicians of each skill. */
export const centres: readonly scheduling.Centre[] = [
  centre('centre-sao-paulo', 'Oficina Paulista', 'America/Sao_Paulo'),
  centre('centre-harbour', 'Harbour Garage', 'UTC'),
]
