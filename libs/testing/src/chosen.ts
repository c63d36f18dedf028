const said = new Set<string>()

/** One line per spec file on what the tests run against: a failure reads differently on a container and on a stand-in. */
export function sayOnce(line: string): void {
  if (said.has(line)) return
  said.add(line)
  process.stderr.write(`${line}\n`)
}
