import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { events, manufacturing, vehicle } from '@pitcrew/contracts'
import { migrate, openDatabase, type Database } from '@pitcrew/database'
import { testDatabase, type TestDatabase } from '@pitcrew/testing'
import { capaReport, closeCapa, containCapa, listCapas } from '../src/adapters/capa-store.ts'
import { saveVehicle } from '../src/adapters/exposure.ts'
import { listFailures, recordFailure } from '../src/adapters/failure-store.ts'
import { manufacturingSchema } from '../src/adapters/schema.ts'
import { summarise } from '../src/adapters/summary.ts'
import { failureOf } from '../src/domain/failure.ts'
import { recordFailureTask } from '../src/handlers/record-failure.ts'

let server: TestDatabase
let database: Database

beforeAll(async () => {
  server = await testDatabase()
  database = await openDatabase({ url: server.url })
}, 120_000)

beforeEach(async () => {
  await database.script('drop schema if exists manufacturing cascade')
  await migrate(database, manufacturingSchema)
})

afterAll(async () => {
  await database.close()
  await server.stop()
})

const since = '2026-01-01T00:00:00.000Z'

function falcon(id: string, more: Partial<vehicle.Vehicle> = {}): vehicle.Vehicle {
  const known = {
    vehicleId: id,
    model: 'Falcon',
    modelYear: 2024,
    buildMonth: '2024-03',
    plant: 'A',
    inServiceDate: '2024-06-17',
  }
  return vehicle.Vehicle.fromPartial({ ...known, ...more })
}

function leak(caseId: string, subject: vehicle.Vehicle, found = 'coolant-leak'): manufacturing.RecordFailureRequest {
  return manufacturing.RecordFailureRequest.fromPartial({
    caseId,
    vehicle: subject,
    system: vehicle.VehicleSystem.COOLING,
    hypothesis: { failureMode: 'coolant-leak', component: 'radiator' },
    workOrder: {
      workOrderId: 'w',
      failureModeFound: found,
      componentReplaced: 'radiator',
      odometerKm: 40_000,
      repaired: true,
    },
    feedback: { rating: 4 },
  })
}

async function record(request: manufacturing.RecordFailureRequest, at = '2026-03-01T00:00:00.000Z') {
  return recordFailure(database, failureOf(request, at), request.vehicle!)
}

async function outbox(): Promise<{ event: string; key: string; message: unknown }[]> {
  return database.query('select event, key, message from manufacturing.outbox order by position')
}

describe('L7 failures and CAPAs in SQL', () => {
  test('L7 the first repaired case gives a failure record and opens a draft CAPA that is announced once', async () => {
    const answer = await record(leak('case-1', falcon('v-1')))
    expect(answer).toEqual({ failureId: 'failure-case-1', capaId: 'CAPA-00001', capaOpened: true })
    const announced = await outbox()
    expect(announced).toMatchObject([{ event: events.capaOpened.subject, key: 'CAPA-00001' }])
    const { capa } = manufacturing.CapaOpened.fromJSON(announced[0]!.message)
    expect(capa).toMatchObject({
      status: manufacturing.CapaStatus.OPEN,
      failureIds: ['failure-case-1'],
      model: 'Falcon',
    })
    expect(capa!.sections).toHaveLength(9)
  })

  test('L7 N1 the same case delivered again, also at the same moment, changes nothing and answers the same', async () => {
    const request = leak('case-1', falcon('v-1'))
    const answers = await Promise.all([record(request), record(request), record(request)])
    answers.push(await record(leak('case-1', falcon('v-1'), 'something-else'), '2026-05-01T00:00:00.000Z'))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await listFailures(database, 10)).toHaveLength(1)
    expect(await outbox()).toHaveLength(1)
  })

  test('L7 later failures of the same component, mode and model join; another mode or model opens its own', async () => {
    await record(leak('case-1', falcon('v-1')))
    expect(await record(leak('case-2', falcon('v-2')))).toMatchObject({ capaId: 'CAPA-00001', capaOpened: false })
    expect(await record(leak('case-3', falcon('v-3', { model: 'Heron' })))).toMatchObject({ capaOpened: true })
    expect(await record(leak('case-4', falcon('v-4'), 'fan-stuck'))).toMatchObject({ capaOpened: true })
    expect(await record(leak('case-5', falcon('v-5'), 'no-fault-found'))).toMatchObject({
      capaId: '',
      capaOpened: false,
    })
    expect((await listCapas(database, 10, since)).map(({ failureIds }) => failureIds.length).sort()).toEqual([1, 1, 2])
  })

  test('L7 two first failures at once open one CAPA', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map((n) => record(leak(`case-${n}`, falcon(`v-${n}`)))))
    expect(new Set(answers.map(({ capaId }) => capaId)).size).toBe(1)
    expect(answers.filter(({ capaOpened }) => capaOpened)).toHaveLength(1)
  })

  test('L7 the report ranks the build month that stands out against the registered fleet', async () => {
    for (let n = 0; n < 60; n++) {
      await saveVehicle(database, falcon(`v-${n}`, { buildMonth: n < 10 ? '2024-03' : '2024-04' }), since)
    }
    for (let n = 0; n < 5; n++) await record(leak(`case-${n}`, falcon(`v-${n}`)))
    const report = await capaReport(database, 'CAPA-00001', '2026-04-01T00:00:00.000Z')
    expect(report.rootCauses[0]).toMatchObject({ factor: 'build_month', level: '2024-03', failures: 5, exposed: 10 })
    expect(report.sections[2]!.text).toContain('5 failures on 5 vehicles of 60 registered')
    expect(report.sections[4]!.complete).toBe(true)
  })

  test('L7 the summary tracks quality: rate per 1000 vehicles, hit rate, rating, components', async () => {
    for (let n = 0; n < 20; n++) await saveVehicle(database, falcon(`v-${n}`), since)
    await record(leak('case-1', falcon('v-1')))
    await record({ ...leak('case-2', falcon('v-2'), 'radiator-clogged'), feedback: undefined })
    expect(await summarise(database)).toMatchObject({
      vehicles: 20,
      failures: 2,
      openCapas: 2,
      failuresPer1000Vehicles: 100,
      diagnosisHitRate: 0.5,
      averageRating: 4,
      byComponent: [
        { component: 'radiator', failureMode: 'coolant-leak', failures: 1 },
        { component: 'radiator', failureMode: 'radiator-clogged', failures: 1 },
      ],
    })
  })

  test('L7 a summary of nothing is zeros, and an unknown CAPA is NOT_FOUND', async () => {
    expect(await summarise(database)).toMatchObject({ vehicles: 0, failures: 0, diagnosisHitRate: 0, averageRating: 0 })
    await expect(capaReport(database, 'CAPA-99999', since)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('L7 impact: closing needs a rate that fell since containment; a later failure opens a successor', async () => {
    for (let n = 0; n < 20; n++) await saveVehicle(database, falcon(`v-${n}`), since)
    for (let n = 0; n < 8; n++) await record(leak(`case-${n}`, falcon(`v-${n}`)))
    await containCapa(database, 'CAPA-00001', 'lot 7 held', '2026-04-01T00:00:00.000Z')
    const early = closeCapa(database, 'CAPA-00001', 'FMEA-12 rev C', '2026-04-02T00:00:00.000Z')
    await expect(early).rejects.toMatchObject({ code: 'CAPA_NOT_VERIFIED' })
    expect((await capaReport(database, 'CAPA-00001', '2026-04-02T00:00:00.000Z')).status).toBe('CAPA_STATUS_CONTAINED')

    await closeCapa(database, 'CAPA-00001', 'FMEA-12 rev C', '2026-09-01T00:00:00.000Z')
    const closed = await capaReport(database, 'CAPA-00001', '2026-10-01T00:00:00.000Z')
    expect(closed).toMatchObject({ status: manufacturing.CapaStatus.CLOSED })
    expect(closed.sections.every(({ complete }) => complete)).toBe(true)
    // 8 failures over 20 vehicles of 90 days each.
    expect(closed.sections[6]!.text).toContain(
      `${((8 / ((20 * 90) / 30.436875)) * 1000).toFixed(3)} before containment, 0.000 since`,
    )

    expect(await record(leak('case-20', falcon('v-1')), '2026-10-02T00:00:00.000Z')).toMatchObject({
      capaId: 'CAPA-00002',
      capaOpened: true,
    })
    expect((await capaReport(database, 'CAPA-00002', '2026-10-02T00:00:00.000Z')).sections[2]!.text).toContain(
      'came back after CAPA-00001',
    )
  })

  test('L7 a registration after the failure corrects the vehicle and counts it once', async () => {
    await record(leak('case-1', falcon('v-1', { model: '' })))
    await saveVehicle(database, falcon('v-1'), since)
    await saveVehicle(database, falcon('v-1'), since)
    expect(await summarise(database)).toMatchObject({ vehicles: 1, failures: 1 })
  })

  test('L7 the task refuses a failure that names no case', async () => {
    const task = recordFailureTask(
      { record: (failure, subject) => recordFailure(database, failure, subject) },
      () => since,
    )
    await expect(task(leak('', falcon('v-1')))).rejects.toMatchObject({ code: 'FAILURE_INCOMPLETE' })
    expect(await listFailures(database, 10)).toEqual([])
  })
})
