/** F1: what the words of a goal speak of, and what they exclude. */
export interface Words {
  /** `excluded` goes before `mentioned`: what is forbidden once is not done. */
  mentions(beginnings: readonly string[]): 'mentioned' | 'excluded' | 'absent'
}

/** Each reaches to the end of its clause: to do too little shows in the plan, to write to a customer cannot be taken back. */
const negations = new Set(['not', 'no', 'never', 'without', 'dont', 'nor', 'except', 'avoid'])

export function wordsOf(text: string): Words {
  const clauses = text
    .toLowerCase()
    .replaceAll(/['’]/g, '')
    .split(/[.,;:!?\n]|\bbut\b|\bthen\b/)
    .map((clause) => clause.match(/[\p{L}\p{N}-]+/gu) ?? [])
  return {
    mentions(beginnings) {
      let found: 'mentioned' | 'absent' = 'absent'
      for (const words of clauses) {
        for (const [i, word] of words.entries()) {
          if (!beginnings.some((beginning) => word.startsWith(beginning))) continue
          if (words.slice(0, i).some((one) => negations.has(one))) return 'excluded'
          found = 'mentioned'
        }
      }
      return found
    },
  }
}
