/** SAE J1939-21: what the 29 bits of an identifier say. */
export interface J1939Id {
  priority: number
  pgn: number
  source: number
  /** 255: everyone. */
  destination: number
}

const everyone = 255

export function parseJ1939Id(id: number): J1939Id {
  const format = (id >> 16) & 0xff
  const specific = (id >> 8) & 0xff
  const toOne = format < 240
  return {
    priority: (id >> 26) & 7,
    pgn: (((id >> 24) & 3) << 16) | (format << 8) | (toOne ? 0 : specific),
    source: id & 0xff,
    destination: toOne ? specific : everyone,
  }
}
