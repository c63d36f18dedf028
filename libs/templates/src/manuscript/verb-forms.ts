/** Word lists of the style and the consistency node. */

const list = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/))

/** Past participles that do not end in -ed. */
export const irregularParticiples = list(`
  beaten become begun bent bitten blown born borne bought bound broken brought built burnt caught chosen cut dealt done drawn
  driven drunk eaten fallen fed felt flown forbidden forgiven forgotten fought found frozen given grown heard held hidden hit
  hung hurt kept known laid led left lent lit lost made meant met mistaken overcome paid put read ridden risen run said seen
  sent set sewn shaken shot shown shut slain sold spent spoken spread stolen struck stuck sung sunk sworn swept taken taught
  thought thrown told torn understood undone woken won worn woven wound written`)

/** Adjectives that look like participles. */
export const notParticiples = list(`
  advanced aged ashamed blessed bored concerned confused crooked dedicated delighted determined disappointed embarrassed
  engaged excited exhausted experienced frightened hundred indeed interested kindred married naked pleased puzzled relaxed
  relieved retired rugged sacred satisfied scared supposed surprised tired used wicked worried wretched`)

/** Words in -ly that are no adverbs of manner. */
export const notAdverbs = list(`
  ally anomaly apply assembly belly bully butterfly comply costly daily deadly early elderly family folly friendly gully holly
  holy imply italy jelly july lily lively lonely lovely melancholy monthly only orderly rally rely reply silly supply tally
  timely ugly unlikely likely weekly yearly`)

/** Verbs that narration is told with, by tense; forms that are both or mostly nouns are left out. */
export const pastVerbs = list(`
  was were had did said went came saw took knew thought looked turned asked told felt made stood heard gave found seemed began
  walked moved tried wanted needed called smiled nodded stopped opened kept ran sat held pulled reached followed wasn't weren't
  didn't hadn't`)
export const presentVerbs = list(`
  is are am has does says goes comes sees takes knows thinks looks turns asks tells feels makes stands hears gives finds seems
  begins walks moves tries wants needs calls smiles nods stops opens keeps runs sits holds pulls reaches follows isn't aren't
  doesn't hasn't`)
