import { codeFindings } from './code-findings.ts'
import type { Finding } from './finding.ts'
import { findingsOf } from './monitor-findings.ts'
import { speaks } from './monitor-state.ts'
import { monitors } from './monitors/index.ts'
import { progressFindings } from './progress-findings.ts'
import type { VehicleState } from './vehicle-state.ts'

/** What all detectors said last, from the state alone: no frame is needed. */
export function currentFindings(state: VehicleState): Finding[] {
  const found: Finding[] = []
  for (const monitor of monitors) {
    const monitorState = state.monitors[monitor.name]
    if (monitorState && speaks(monitorState)) found.push(...findingsOf(monitor, monitorState))
  }
  for (const code in state.codes) found.push(...codeFindings(code, state.codes[code]!))
  found.push(...progressFindings(state.codeProgress))
  return found
}
