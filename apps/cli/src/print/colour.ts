/** Colours for a person at a terminal; plain text into files and pipes, and where NO_COLOR is set. */
import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

const styled =
  (style: Style) =>
  (text: string): string =>
    styleText(style, text, { stream: process.stdout })

export const green = styled('green')
export const red = styled('red')
export const yellow = styled('yellow')
export const bold = styled('bold')
export const dim = styled('dim')
export const cyan = styled('cyan')
