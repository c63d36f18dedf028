/** British and American spellings, and how far apart two words are written. */

const pairs = `colour color,favour favor,honour honor,labour labor,neighbour neighbor,flavour flavor,harbour harbor,
humour humor,rumour rumor,behaviour behavior,favourite favorite,centre center,theatre theater,metre meter,fibre fiber,
litre liter,defence defense,offence offense,licence license,grey gray,travelled traveled,travelling traveling,traveller traveler,
cancelled canceled,labelled labeled,modelling modeling,jewellery jewelry,plough plow,tyre tire,kerb curb,catalogue catalog,
dialogue dialog,programme program,aluminium aluminum,pyjamas pajamas,mould mold,moustache mustache,sceptical skeptical,
storey story,cheque check,aeroplane airplane,realise realize,realised realized,recognise recognize,recognised recognized,
organise organize,organised organized,apologise apologize,apologised apologized,analyse analyze,analysed analyzed,
organisation organization,civilisation civilization,colours colors,coloured colored,neighbours neighbors,rumours rumors,
favours favors,honoured honored`
/** In one of the two lands these are other words as well, so they say nothing. */
const ambiguous = new Set(['meter', 'license', 'story', 'check', 'program', 'tire', 'curb', 'dialog'])

export type Dialect = 'british' | 'american'

interface Spelling {
  dialect: Dialect
  other: string
}

export const spellings: ReadonlyMap<string, Spelling> = new Map(
  pairs.split(',').flatMap((pair): [string, Spelling][] => {
    const [british, american] = pair.trim().split(' ') as [string, string]
    if (ambiguous.has(american)) return []
    return [
      [british, { dialect: 'british', other: american }],
      [american, { dialect: 'american', other: british }],
    ]
  }),
)

/**
 * Letters to change, leave out, put in or swap with their neighbour to come from one to the other: optimal string alignment
 * (F. J. Damerau, A technique for computer detection and correction of spelling errors, 1964), given up beyond `most`.
 */
export function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, i) => i)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, (last[j - 1] as number) + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] as number) + 1)
      row.push(least)
    }
    if (Math.min(...row) > most) return most + 1
    ;[before, last] = [last, row]
  }
  return last[b.length] as number
}
