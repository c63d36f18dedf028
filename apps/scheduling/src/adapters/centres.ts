import type { scheduling } from '@pitcrew/contracts'
import type { Sql } from '@pitcrew/database'

export async function readCentres(sql: Sql): Promise<scheduling.Centre[]> {
  return sql.query<scheduling.Centre>(`
    select c.centre_id as "centreId", c.name, c.time_zone as "timeZone",
      (select coalesce(json_agg(json_build_object('weekday', o.weekday, 'opens', o.opens, 'closes', o.closes)
         order by o.weekday, o.opens), '[]')
       from scheduling.opening_hours o where o.centre_id = c.centre_id) as "openingHours",
      (select coalesce(json_agg(b.bay order by b.position), '[]')
       from scheduling.bay b where b.centre_id = c.centre_id) as "bays",
      (select coalesce(json_agg(json_build_object('technicianId', t.technician_id, 'skills',
         (select json_agg(s.skill order by s.skill) from scheduling.technician_skill s
          where s.centre_id = t.centre_id and s.technician_id = t.technician_id)) order by t.position), '[]')
       from scheduling.technician t where t.centre_id = c.centre_id) as "technicians"
    from scheduling.centre c order by c.centre_id`)
}

/** The centre becomes what is given. Bookings on a bay or technician that went keep their place. */
export async function writeCentre(tx: Sql, centre: scheduling.Centre): Promise<void> {
  const { centreId, name, timeZone, openingHours, bays, technicians } = centre
  await tx.query(
    `insert into scheduling.centre (centre_id, name, time_zone) values ($1, $2, $3)
     on conflict (centre_id) do update set name = excluded.name, time_zone = excluded.time_zone`,
    [centreId, name, timeZone],
  )
  for (const table of ['opening_hours', 'bay', 'technician']) {
    await tx.query(`delete from scheduling.${table} where centre_id = $1`, [centreId])
  }
  await tx.query(
    `insert into scheduling.opening_hours (centre_id, weekday, opens, closes)
     select $1, * from unnest($2::int[], $3::text[], $4::text[])`,
    [
      centreId,
      openingHours.map((hours) => hours.weekday),
      openingHours.map((hours) => hours.opens),
      openingHours.map((hours) => hours.closes),
    ],
  )
  await tx.query(
    `insert into scheduling.bay (centre_id, bay, position) select $1, * from unnest($2::text[]) with ordinality`,
    [centreId, bays],
  )
  await tx.query(
    `insert into scheduling.technician (centre_id, technician_id, position) select $1, * from unnest($2::text[]) with ordinality`,
    [centreId, technicians.map((one) => one.technicianId)],
  )
  const skills = technicians.flatMap(({ technicianId, skills }) =>
    [...new Set(skills)].map((skill) => ({ technicianId, skill })),
  )
  await tx.query(
    `insert into scheduling.technician_skill (centre_id, technician_id, skill) select $1, * from unnest($2::text[], $3::text[])`,
    [centreId, skills.map((one) => one.technicianId), skills.map((one) => one.skill)],
  )
}
