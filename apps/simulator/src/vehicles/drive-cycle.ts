import { between, type Random } from './random.ts'

export type Leg = 'idle' | 'city' | 'highway'

/** Where the driver wants to be: the leg of the trip and the road speed that is aimed at, km/h. */
export interface Wish {
  leg: Leg
  targetSpeed: number
}

/** The legs of a trip, minutes at least and at most; then it begins again with the city. */
const trip: readonly { leg: Leg; minutes: [number, number] }[] = [
  { leg: 'idle', minutes: [0.5, 1.5] },
  { leg: 'city', minutes: [6, 14] },
  { leg: 'highway', minutes: [8, 20] },
  { leg: 'city', minutes: [5, 12] },
  { leg: 'idle', minutes: [1, 4] },
]

/** One call a second. Stop-and-go in the city, with lights at which the car stands; a steady hand on the highway. */
export function createDriveCycle(random: Random): () => Wish {
  let index = 0
  let legLeft = 0
  let actLeft = 0
  let targetSpeed = 0

  const nextAct = (leg: Leg) => {
    const standing = leg === 'idle' || (leg === 'city' && targetSpeed > 0 && random() < 0.45)
    if (standing) {
      targetSpeed = 0
      actLeft = leg === 'idle' ? legLeft : between(random, 8, 35)
    } else if (leg === 'city') {
      targetSpeed = between(random, 25, 55)
      actLeft = between(random, 15, 60)
    } else {
      targetSpeed = between(random, 88, 115)
      actLeft = between(random, 60, 240)
    }
  }

  return () => {
    if (legLeft <= 0) {
      legLeft = 60 * between(random, ...trip[index % trip.length]!.minutes)
      actLeft = 0
      index += 1
    }
    const { leg } = trip[(index - 1) % trip.length]!
    if (actLeft <= 0) nextAct(leg)
    legLeft -= 1
    actLeft -= 1
    return { leg, targetSpeed }
  }
}
