/**
 * F9: where the text of a manuscript comes from: the input itself, or, as the log takes no more than 200 KB at once, a file
 * below a folder that the host names. What is read at the beginning is what is read to the end.
 */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { Terminal } from '@pitcrew/errors'
import { rooted } from '../rooted.ts'
import type { Look } from '../text/passage.ts'
import { mostCharacters, segment, type Segmentation } from '../text/segment.ts'

export interface Source {
  text: string | null
  /** Below the host's folder; counts when there is no text. */
  file: string | null
}

export interface Segmented extends Segmentation {
  /** SHA-256 of the text as UTF-8, hexadecimal. */
  sha256: string
}

/** What an analysis is asked for. */
export interface LookAt extends Source {
  segmentation: Segmented
  window: number
  widest: number
}

/** UTF-8 takes up to four bytes for a character, of which JavaScript counts the longest as two. */
const mostBytes = mostCharacters * 3

export interface Reader {
  segment: (source: Source) => Segmented
  /** @throws Terminal TEXT_CHANGED and what reading throws */
  look: <T extends LookAt>(at: T) => Look & T
}

/** @param root folder that files may be named in; none may be if absent */
export function readerIn(root: string | undefined): Reader {
  const read = (source: Source) => source.text ?? readFile(root, source.file)
  return {
    segment: (source) => {
      const text = read(source)
      return { ...segment(text), sha256: digest(text) }
    },
    look: (at) => {
      const text = read(at)
      if (at.text === null && digest(text) !== at.segmentation.sha256)
        throw new Terminal('TEXT_CHANGED', 'the file is not the one that the review began with', {
          hint: 'start a new review of what is there now',
        })
      return { ...at, text }
    },
  }
}

/** @throws Terminal TEXT_MISSING, TEXT_TOO_LONG, TEXT_NOT_PROSE, PATH_OUTSIDE */
function readFile(root: string | undefined, file: string | null): string {
  if (file === null)
    throw new Terminal('TEXT_MISSING', 'there is neither a text nor a file', { hint: 'give one of the two' })
  if (root === undefined)
    throw new Terminal('NO_FOLDER', 'this host names no folder for manuscripts', { hint: 'give the text itself' })
  const path = rooted(root, file)
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found?.isFile()) throw new Terminal('TEXT_MISSING', 'there is no such file', { hint: 'look at its name' })
  if (found.size > mostBytes)
    throw new Terminal('TEXT_TOO_LONG', `the file has ${found.size} bytes, expected at most ${mostBytes}`, {
      hint: 'split it',
    })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path))
  } catch (cause) {
    throw new Terminal('TEXT_NOT_PROSE', 'the file is not UTF-8', { hint: 'convert it', cause })
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex')
