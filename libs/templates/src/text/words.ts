/** Words of a text. Offsets count UTF-16 code units, as strings do. */

export interface Word {
  /** Lower case, NFC, with ' for ’. */
  text: string
  start: number
  end: number
  /** Written with a capital first letter. */
  capital: boolean
}

/** Letters with their marks; hyphens and apostrophes inside. Linear: no two parts can match the same character. */
const pattern = /\p{L}[\p{L}\p{M}]*(?:['’-]\p{L}[\p{L}\p{M}]*)*/gu
const plain = /^[a-z'-]+$/

export function wordsOf(text: string, start = 0, end = text.length): Word[] {
  const words: Word[] = []
  for (const match of text.slice(start, end).matchAll(pattern)) {
    const [written] = match
    const at = start + match.index
    const lower = written.toLowerCase()
    words.push({
      text: plain.test(lower) ? lower : lower.normalize('NFC').replaceAll('’', "'"),
      start: at,
      end: at + written.length,
      capital: written[0] !== lower[0],
    })
  }
  return words
}

/** Words that hold sentences together and say little about their matter. */
export const functionWords: ReadonlySet<string> = new Set(
  `a about above after again all almost also although always am an and another any are around as at away back be because been
  before being below between both but by came can cannot could did do does done down each either else enough even ever every
  few first for from get gave give go goes going gone got had has have he her here hers herself him himself his how i if in
  into is it its itself just know last least less let like little long made make many may me might mine more most much must my
  myself neither never no nobody none nor not nothing now of off often on once one only onto or other our ours out over own
  perhaps quite rather said same say says she should since so some still such than that the their theirs them themselves then
  there these they thing things this those though three through to together too toward towards two under until up upon us very
  was we well went were what when where whether which while who whole whom whose why will with within without would yes yet you
  your yours i'm i'd i'll i've it's he's she's he'd she'd they'd we'd you'd don't didn't doesn't wasn't weren't isn't aren't
  couldn't wouldn't can't won't hadn't hasn't haven't that's there's what's let's you're they're we're you've we've they've`
    .trim()
    .split(/\s+/),
)
