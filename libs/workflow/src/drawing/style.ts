/** Colours of a drawing, for light and dark ground. Text has a contrast of at least 7 to 1 on every fill (WCAG 2.2, 1.4.6). */
export type Theme = 'auto' | 'light' | 'dark'

interface Ground {
  ground: string
  text: string
  faint: string
  line: string
  panel: string
  /** Fill and outline of a phase, by hue. */
  fill: (hue: number) => string
  stroke: (hue: number) => string
}

const light: Ground = {
  ground: '#ffffff',
  text: '#16191d',
  faint: '#3f4650',
  line: '#6b7480',
  panel: 'rgba(0,0,0,.035)',
  fill: (hue) => `hsl(${hue} 70% 93%)`,
  stroke: (hue) => `hsl(${hue} 50% 42%)`,
}

const dark: Ground = {
  ground: '#14171b',
  text: '#f2f4f7',
  faint: '#cfd5dd',
  line: '#8b95a3',
  panel: 'rgba(255,255,255,.045)',
  fill: (hue) => `hsl(${hue} 32% 19%)`,
  stroke: (hue) => `hsl(${hue} 55% 66%)`,
}

/** Steps of the golden angle keep neighbouring phases apart. */
const hue = (i: number): number => Math.round(210 + i * 137.508) % 360

export function style(theme: Theme, phases: number): string {
  const plain = rules(theme === 'dark' ? dark : light, phases)
  return theme === 'auto' ? `${shape}${plain}@media (prefers-color-scheme:dark){${rules(dark, phases)}}` : shape + plain
}

const shape = [
  'text{font-family:system-ui,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}',
  '.name{font-size:13px;font-weight:600}',
  '.small{font-size:11px}',
  '.middle{text-anchor:middle}',
  '.mark{font-size:11px;font-weight:700;text-anchor:end}',
  '.outline{stroke-width:1.4}',
  '.group .outline{stroke-width:1.2;fill-opacity:.35}',
  '.edge{fill:none;stroke-width:1.3}',
  '.conditional .outline,.edge.conditional{stroke-dasharray:5 4}',
  '.generated .outline{stroke-dasharray:2 3}',
  '.ahead .outline{opacity:.6}',
  '.skipped .outline{opacity:.4}',
  '.skipped .name{text-decoration:line-through}',
  '.active .outline,.failed .outline{stroke-width:3.2}',
]
  .map((rule) => `.workflow ${rule.replaceAll(/,(?=\.)/g, ',.workflow ')}`)
  .join('')

function rules({ ground, text, faint, line, panel, fill, stroke }: Ground, phases: number): string {
  const all: string[] = [
    `.ground{fill:${ground}}`,
    `text{fill:${text}}`,
    `.small{fill:${faint}}`,
    `.edge{stroke:${line}}`,
    `.head{fill:${line}}`,
    `.panel{fill:${panel}}`,
    `.plain .outline{fill:none;stroke:${line}}`,
  ]
  for (let i = 0; i < phases; i++) all.push(`.p${i} .outline{fill:${fill(hue(i))};stroke:${stroke(hue(i))}}`)
  all.push(`.active>.outline{stroke:${stroke(212)}}`, `.failed>.outline{stroke:${stroke(2)}}`)
  return all.map((rule) => `.workflow ${rule}`).join('')
}
