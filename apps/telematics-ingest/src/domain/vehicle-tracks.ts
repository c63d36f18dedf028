/**
 * The tracks of the vehicles that were heard of lately.
 * 1. At most `most` vehicles: the one that was silent longest is forgotten, and is then judged as one that is new.
 * 2. What a batch says counts only once it is durable: it is tried on copies, which `commit` puts in place.
 */
import { Track } from './vehicle-track.ts'

export interface TracksOfBatch {
  of(vehicleId: string): Track
  commit(): void
}

export interface VehicleTracks {
  begin(): TracksOfBatch
}

export function vehicleTracks(most = 50_000): VehicleTracks {
  const tracks = new Map<string, Track>()
  return {
    begin() {
      const tried = new Map<string, Track>()
      return {
        of(vehicleId) {
          let track = tried.get(vehicleId)
          if (track === undefined) {
            track = tracks.get(vehicleId)?.fork() ?? new Track()
            tried.set(vehicleId, track)
          }
          return track
        },
        commit() {
          for (const [vehicleId, track] of tried) {
            // Nothing of it was accepted; or a batch that was under way together with this one went further.
            if (track.newestMs === 0 || track.newestMs < (tracks.get(vehicleId)?.newestMs ?? 0)) continue
            tracks.delete(vehicleId)
            tracks.set(vehicleId, track)
            if (tracks.size > most) tracks.delete(tracks.keys().next().value!)
          }
        },
      }
    },
  }
}
