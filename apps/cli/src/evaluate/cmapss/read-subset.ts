/** The three files of one subset of C-MAPSS. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Terminal } from '@pitcrew/errors'
import { readCmapssUnits, readRemainingLives, type CmapssUnit } from './read-cmapss.ts'

export interface Subset {
  name: string
  train: CmapssUnit[]
  test: CmapssUnit[]
  /** Of the first test units, in the order of their file. */
  lives: number[]
  /** Of the training file. */
  sha256: string
}

/**
 * Undefined when the subset has no training file. True lives belong to test units in the order of the test file; test units
 * past the last one have none and are not scored.
 * Throws Terminal DATA_SET_INCOMPLETE when another file is missing, a line is malformed or lives outnumber test units.
 */
export async function readSubset(dir: string, name: string): Promise<Subset | undefined> {
  const trainFile = `train_${name}.txt`
  const training = await textOf(dir, trainFile)
  if (training === undefined) return undefined
  const [testFile, livesFile] = [`test_${name}.txt`, `RUL_${name}.txt`]
  const test = readCmapssUnits(await requiredText(dir, testFile), testFile)
  const lives = readRemainingLives(await requiredText(dir, livesFile), livesFile)
  if (lives.length === 0 || lives.length > test.length)
    throw incomplete(`${livesFile} holds ${lives.length} lives: expected one for each of ${test.length} test units`)
  return {
    name,
    train: readCmapssUnits(training, trainFile),
    test,
    lives,
    sha256: createHash('sha256').update(training).digest('hex'),
  }
}

async function requiredText(dir: string, file: string): Promise<string> {
  const text = await textOf(dir, file)
  if (text === undefined) throw incomplete(`${dir} has no ${file}`)
  return text
}

/** Undefined when there is no such file. */
async function textOf(dir: string, file: string): Promise<string | undefined> {
  try {
    return await readFile(join(dir, file), 'utf8')
  } catch (error) {
    if (Error.isError(error) && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

function incomplete(message: string): Terminal {
  return new Terminal('DATA_SET_INCOMPLETE', message, {
    hint: 'a subset is train_FD00x.txt, test_FD00x.txt and RUL_FD00x.txt in one folder',
  })
}
