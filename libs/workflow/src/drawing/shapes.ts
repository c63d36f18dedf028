import type { Node } from '../definition/definition.ts'
import type { Box } from './layout.ts'

/** The outline of a node, by its kind, as path data. */
export function outline({ kind, x, y, width, height }: Box): string {
  const [right, bottom, middle] = [x + width, y + height, y + height / 2]
  const cut = Math.min(12, height * 0.4)
  const corner = Math.min(9, height * 0.3)
  switch (kind) {
    case 'wait':
      return points(
        [x + cut, y],
        [right - cut, y],
        [right, middle],
        [right - cut, bottom],
        [x + cut, bottom],
        [x, middle],
      )
    case 'approval':
      return points(
        [x + corner, y],
        [right - corner, y],
        [right, y + corner],
        [right, bottom - corner],
        [right - corner, bottom],
        [x + corner, bottom],
        [x, bottom - corner],
        [x, y + corner],
      )
    case 'end':
      return rounded(x, y, width, height, height / 2)
    case 'value':
    case 'commit':
      return points([x + corner, y], [right, y], [right - corner, bottom], [x, bottom])
    case 'checkpoint':
      return points([x, y], [right - cut, y], [right, middle], [right - cut, bottom], [x, bottom])
    case 'child':
    case 'generated':
      return `${rounded(x, y, width, height, 4)} M${n(x + 6)} ${n(y)}V${n(bottom)} M${n(right - 6)} ${n(y)}V${n(bottom)}`
    case 'task':
      return rounded(x, y, width, height, 7)
    case 'branch':
    case 'loop':
    case 'parallel':
    case 'map':
      return rounded(x, y, width, height, 10)
  }
}

/** What a shape stands for, in the legend. */
export const kindNames: Readonly<Record<Node['kind'], string>> = {
  task: 'task for an agent',
  wait: 'wait for a signal or a time',
  approval: 'decision of a person',
  branch: 'branch',
  loop: 'loop',
  parallel: 'side by side',
  map: 'for each of a list',
  child: 'workflow of its own',
  generated: 'graph made at run time',
  value: 'value',
  checkpoint: 'checkpoint',
  commit: 'point of no return',
  end: 'end',
}

/** Down through the bends, each stretch leaving and arriving straight. */
export function curve(line: readonly [number, number][]): string {
  const [first, ...rest] = line as [[number, number], ...[number, number][]]
  let [x, y] = first
  let path = `M${n(x)} ${n(y)}`
  for (const [toX, toY] of rest) {
    const half = (toY - y) / 2
    path += toX === x ? `V${n(toY)}` : `C${n(x)} ${n(y + half)} ${n(toX)} ${n(toY - half)} ${n(toX)} ${n(toY)}`
    ;[x, y] = [toX, toY]
  }
  return path
}

function rounded(x: number, y: number, width: number, height: number, radius: number): string {
  const r = Math.min(radius, height / 2)
  const arc = (dx: number, dy: number) => `a${n(r)} ${n(r)} 0 0 1 ${n(dx)} ${n(dy)}`
  const [across, along] = [n(width - 2 * r), n(height - 2 * r)]
  return `M${n(x + r)} ${n(y)}h${across}${arc(r, r)}v${along}${arc(-r, r)}h${n(2 * r - width)}${arc(-r, -r)}v${n(2 * r - height)}${arc(r, -r)}z`
}

const points = (...corners: [number, number][]): string => `M${corners.map(([x, y]) => `${n(x)} ${n(y)}`).join('L')}z`

/** A tenth of a pixel is fine enough. */
export const n = (value: number): string => String(Math.round(value * 10) / 10)
