import { expect, test } from '@jest/globals'
import { style } from './style.ts'

/** Relative luminance, WCAG 2.2. */
function luminance([r, g, b]: readonly number[]): number {
  const linear = [r, g, b].map((part = 0) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0)
}

function colour(text: string): number[] {
  const hex = /^#(..)(..)(..)$/.exec(text)
  if (hex) return hex.slice(1).map((part) => Number.parseInt(part, 16) / 255)
  const [, hue, saturation, lightness] = /^hsl\((\d+) (\d+)% (\d+)%\)$/.exec(text)?.map(Number) as [
    number,
    number,
    number,
    number,
  ]
  const [s, l] = [saturation / 100, lightness / 100]
  const part = (n: number) => {
    const k = (n + hue / 30) % 12
    return l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1))
  }
  return [part(0), part(8), part(4)]
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(colour(a)), luminance(colour(b))].sort((x, y) => x - y) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

test.each(['light', 'dark'] as const)('C3 text can be read on every phase’s colour, on %s ground', (theme) => {
  const rules = style(theme, 12)
  const value = (selector: string) =>
    new RegExp(`\\.workflow ${selector.replaceAll('.', '\\.')}\\{fill:([^;}]+)`).exec(rules)?.[1] as string
  const grounds = [value('.ground'), ...Array.from({ length: 12 }, (_, i) => value(`.p${i} .outline`))]
  expect(new Set(grounds).size).toBe(13)
  for (const text of [value('text'), value('.small')])
    for (const ground of grounds) expect(contrast(text, ground)).toBeGreaterThanOrEqual(7)
})
