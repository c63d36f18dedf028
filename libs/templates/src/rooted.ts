/**
 * Owns: which files a template may touch: those below the folder that its host names.
 *
 * Invariants
 *  R1 A path that it gives lies below the root, also after every symbolic link on the way.
 *  R2 Nothing hidden: no part of a path begins with a dot, so what the templates keep for themselves cannot be named.
 */
import { lstatSync, realpathSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { Terminal } from '@pitcrew/errors'

const part = /^[A-Za-z0-9_][A-Za-z0-9._ -]{0,99}$/
const mostParts = 16

/**
 * @param path relative, with / between its parts; the last ones need not be there yet
 * @throws Terminal PATH_OUTSIDE
 */
export function rooted(root: string, path: unknown): string {
  const refuse = (what: string): never => {
    throw new Terminal('PATH_OUTSIDE', `the path ${what}`, {
      hint: 'give a path below the folder that this template may use, like reviews/book.md',
    })
  }
  if (typeof path !== 'string') return refuse('is no text')
  const parts = path.split('/')
  if (parts.length > mostParts) refuse(`has ${parts.length} parts, expected at most ${mostParts}`)
  if (!parts.every((one) => part.test(one))) refuse('has a part that is empty, hidden, or no plain name')
  const real = realpathSync(root)
  const target = join(real, ...parts)
  if (!isBelow(real, realpathSync(existing(target)))) refuse('leads out of its folder')
  return target
}

const isBelow = (root: string, path: string): boolean => path === root || path.startsWith(root + sep)

/** The nearest that is there; a link that leads nowhere is there and cannot be followed. */
function existing(path: string): string {
  if (lstatSync(path, { throwIfNoEntry: false })) return path
  return existing(dirname(path))
}
