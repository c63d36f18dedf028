import type { Database, Sql } from '@pitcrew/database'
import type { Customer, Language, Profile, ReachChannel } from '../domain/customer.ts'
import type { Customers } from '../ports.ts'
import type { PersonKeys } from './person-keys.ts'

interface Row {
  customer_id: string
  profile: Uint8Array
  language: Language
  time_zone: string
  channels: ReachChannel[]
  consents: ReachChannel[]
  quiet_from: string
  quiet_until: string
}

/** Consents are those that the record grants and that no opt-out withdrew: the person's own word outranks the record. */
const select = `
  select c.*, array(
    select channel from engagement.consent k
    where k.customer_id = c.customer_id
      and not exists (select 1 from engagement.opt_out o where o.customer_id = c.customer_id)
    order by k.granted_at, k.channel
  ) as consents
  from engagement.customer c`

export class SqlCustomers implements Customers {
  readonly #database: Database
  readonly #keys: PersonKeys

  constructor(database: Database, keys: PersonKeys) {
    this.#database = database
    this.#keys = keys
  }

  async save(customer: Customer & { profile: Profile }, vehicleIds: readonly string[]): Promise<void> {
    await this.#database.transaction(async (tx) => {
      const { customerId } = customer
      const profile = await this.#keys.seal(tx, customerId, 'profile', customer.profile)
      await tx.query(
        `insert into engagement.customer (customer_id, profile, language, time_zone, channels, quiet_from, quiet_until)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (customer_id) do update set profile = excluded.profile, language = excluded.language,
           time_zone = excluded.time_zone, channels = excluded.channels, quiet_from = excluded.quiet_from,
           quiet_until = excluded.quiet_until, updated_at = now()`,
        [
          customerId,
          profile,
          customer.language,
          customer.timeZone,
          customer.channels,
          customer.quietHours.from,
          customer.quietHours.until,
        ],
      )
      await saveConsents(tx, customerId, customer.consents)
      await saveVehicles(tx, customerId, vehicleIds)
    })
  }

  async find(customerId: string): Promise<Customer | undefined> {
    return this.#read(`${select} where c.customer_id = $1`, customerId)
  }

  async ofVehicle(vehicleId: string): Promise<Customer | undefined> {
    return this.#read(`${select} join engagement.vehicle v using (customer_id) where v.vehicle_id = $1`, vehicleId)
  }

  async erase(customerId: string): Promise<boolean> {
    return this.#database.transaction((tx) => this.#keys.destroy(tx, customerId))
  }

  async #read(statement: string, id: string): Promise<Customer | undefined> {
    const [row] = await this.#database.query<Row>(statement, [id])
    if (row === undefined) return undefined
    return {
      customerId: row.customer_id,
      profile: await this.#keys.unseal<Profile>(this.#database, row.customer_id, 'profile', row.profile),
      language: row.language,
      timeZone: row.time_zone,
      channels: row.channels,
      consents: row.consents,
      quietHours: { from: row.quiet_from, until: row.quiet_until },
    }
  }
}

async function saveConsents(tx: Sql, customerId: string, consents: readonly ReachChannel[]): Promise<void> {
  await tx.query('delete from engagement.consent where customer_id = $1 and channel <> all($2::text[])', [
    customerId,
    consents,
  ])
  await tx.query(
    `insert into engagement.consent (customer_id, channel) select $1, unnest($2::text[]) on conflict do nothing`,
    [customerId, consents],
  )
}

/** A vehicle has one customer: the last who claimed it, for vehicles are sold. */
async function saveVehicles(tx: Sql, customerId: string, vehicleIds: readonly string[]): Promise<void> {
  await tx.query('delete from engagement.vehicle where customer_id = $1 and vehicle_id <> all($2::text[])', [
    customerId,
    vehicleIds,
  ])
  await tx.query(
    `insert into engagement.vehicle (vehicle_id, customer_id) select distinct unnest($2::text[]), $1
     on conflict (vehicle_id) do update set customer_id = excluded.customer_id`,
    [customerId, vehicleIds],
  )
}
