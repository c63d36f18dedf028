/**
 * Why a part of a provider's page was left out while the rest was taken. BAD_ENTRY: not of the shape that the API promises.
 * NO_VEHICLE: says nothing by which the vehicle could be told. BAD_TIME, BAD_VALUE: no time that can be read, no number.
 * BAD_FAULT_CODE: neither SAE J2012 nor SPN and FMI. NO_FAULT_SERIES: the provider has no fault codes for the machine.
 * TOO_MANY_PAGES: more than are read at a time.
 */
export type EntryRefusalCode =
  'BAD_ENTRY' | 'NO_VEHICLE' | 'BAD_TIME' | 'BAD_VALUE' | 'BAD_FAULT_CODE' | 'NO_FAULT_SERIES' | 'TOO_MANY_PAGES'

export interface RefusedEntries {
  code: EntryRefusalCode
  count: number
  /** Where the first of them stands, "Equipment[3].Distance". Never what it holds. */
  first: string
}

export interface EntryRefusals {
  add(code: EntryRefusalCode, where: string): void
  list(): RefusedEntries[]
}

export function entryRefusals(): EntryRefusals {
  const byCode = new Map<EntryRefusalCode, RefusedEntries>()
  return {
    add(code, where) {
      const known = byCode.get(code)
      if (known) known.count += 1
      else byCode.set(code, { code, count: 1, first: where })
    },
    list: () => [...byCode.values()],
  }
}
