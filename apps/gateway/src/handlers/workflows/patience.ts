/** While a partition moves from one orchestrator to another, a call waits for the next leader rather than fail. */
export const patience = { deadlineMs: 12_000 }

export const mostWaitMs = 60_000
