import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { readAzurePdm } from './read-azure-pdm.ts'

const good = {
  'PdM_machines.csv': 'machineID,model,age\n2,model1,7\n1,model3,18\n',
  'PdM_errors.csv':
    'datetime,machineID,errorID\n2015-01-03 20:00:00,1,error3\n2015-01-03 07:00:00,1,error1\n2015-01-03 20:00:00,1,error3\n',
  'PdM_maint.csv': 'machineID,datetime,comp\n1,2014-06-01 06:00:00,comp2\n',
  'PdM_failures.csv': '\uFEFFdatetime,machineID,failure\r\n2015-01-05 06:00:00,2,comp4\r\n',
}

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'azure-pdm-'))
  await lay({})
})
afterEach(() => rm(dir, { recursive: true }))

const lay = async (other: Partial<Record<keyof typeof good, string>>): Promise<void> => {
  for (const [name, text] of Object.entries({ ...good, ...other })) await writeFile(join(dir, name), text)
}

describe('N2 the files of azure-pdm', () => {
  test('N2 rows are read by the names of their columns, in order of time, each once', async () => {
    expect(await readAzurePdm(dir)).toEqual({
      machines: [
        { machine: 1, model: 'model3', ageYears: 18 },
        { machine: 2, model: 'model1', ageYears: 7 },
      ],
      errors: [
        { atMs: Date.UTC(2015, 0, 3, 7), machine: 1, what: 'error1' },
        { atMs: Date.UTC(2015, 0, 3, 20), machine: 1, what: 'error3' },
      ],
      maintenance: [{ atMs: Date.UTC(2014, 5, 1, 6), machine: 1, what: 'comp2' }],
      failures: [{ atMs: Date.UTC(2015, 0, 5, 6), machine: 2, what: 'comp4' }],
    })
  })

  test.each([
    ['a date that is none', '2015-02-30 06:00:00,1,error1', 'datetime "2015-02-30 06:00:00"'],
    ['a date of another form', '03/01/2015,1,error1', 'datetime "03/01/2015"'],
    ['a machine that is no number', '2015-01-03 07:00:00,x,error1', 'machineID "x"'],
    ['a machine that is not listed', '2015-01-03 07:00:00,9,error1', 'machine 9'],
    ['no code', '2015-01-03 07:00:00,1', 'errorID ""'],
  ])('N2 %s is refused with file and line', async (_, row, was) => {
    await lay({ 'PdM_errors.csv': `datetime,machineID,errorID\n2015-01-03 07:00:00,1,error1\n\n${row}\n` })
    await expect(readAzurePdm(dir)).rejects.toMatchObject({
      code: 'DATA_SET_INCOMPLETE',
      message: expect.stringContaining(`PdM_errors.csv, line 4: ${was}`),
    })
  })

  test('N2 a missing file or column is refused by its name', async () => {
    await lay({ 'PdM_maint.csv': 'datetime,machineID\n' })
    await expect(readAzurePdm(dir)).rejects.toMatchObject({
      message: expect.stringContaining('PdM_maint.csv, line 1'),
    })
    await rm(join(dir, 'PdM_maint.csv'))
    await expect(readAzurePdm(dir)).rejects.toMatchObject({
      message: expect.stringContaining('PdM_maint.csv'),
    })
  })

  test('N2 any text is read or refused with the same code', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: fc.constantFrom('"', ',', '\n', '1', 'x', ' ', ':', '-') }), async (text) => {
        await lay({ 'PdM_errors.csv': `datetime,machineID,errorID\n${text}` })
        const code = await readAzurePdm(dir).then(
          () => 'read',
          (error: unknown) => (error as { code: string }).code,
        )
        expect(['read', 'DATA_SET_INCOMPLETE']).toContain(code)
      }),
      { numRuns: 60, seed: 7 },
    )
  })
})
