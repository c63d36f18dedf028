import { failureOf } from './failures.ts'

const attempts = 3

/** Runs a whole transaction again when the server says that only its timing was wrong. */
export async function retryConflicts<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      const failure = failureOf(error)
      const conflict = failure.code === 'SERIALIZATION_FAILURE' || failure.code === 'DEADLOCK'
      if (!conflict || attempt === attempts) throw failure
    }
  }
}
