/** Newest first. Each is tried, also behind one that failed; the first failure is thrown in the end. */
export async function stopAll(started: { stop(): Promise<unknown> }[]): Promise<void> {
  const failures: unknown[] = []
  for (const one of started.splice(0).reverse()) await one.stop().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}
