export const line = (text = ''): void => void process.stdout.write(`${text}\n`)

/** One JSON object on one line. */
export const json = (value: unknown): void => line(JSON.stringify(value))
