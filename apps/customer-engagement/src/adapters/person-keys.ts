/**
 * A data key per person, wrapped by the master key. Destroying the key of a person erases everything sealed under it, in
 * backups of other tables too. Keys are never cached, so erasure holds from the moment it commits.
 */
import { randomBytes } from 'node:crypto'
import type { Sql } from '@pitcrew/database'
import { seal, unseal } from './seal.ts'

interface PersonKey {
  keyId: Uint8Array
  key: Uint8Array
}

const keyIdLength = 8

export class PersonKeys {
  readonly #wrapping: Uint8Array

  constructor(wrapping: Uint8Array) {
    this.#wrapping = wrapping
  }

  /** Seals under the key of the person, which is made when there is none: only for people who gave us their data. */
  async seal(sql: Sql, customerId: string, about: string, value: unknown): Promise<Uint8Array> {
    const { keyId, key } = (await this.#find(sql, customerId)) ?? (await this.#make(sql, customerId))
    return Buffer.concat([keyId, seal(key, about, Buffer.from(JSON.stringify(value)))])
  }

  /** Undefined when the key that it was sealed under has been destroyed. */
  async unseal<T>(sql: Sql, customerId: string, about: string, sealed: Uint8Array): Promise<T | undefined> {
    const found = await this.#find(sql, customerId)
    if (found === undefined || Buffer.compare(found.keyId, sealed.subarray(0, keyIdLength)) !== 0) return undefined
    return JSON.parse(Buffer.from(unseal(found.key, about, sealed.subarray(keyIdLength))).toString()) as T
  }

  async exists(sql: Sql, customerId: string): Promise<boolean> {
    return (await this.#find(sql, customerId)) !== undefined
  }

  async destroy(sql: Sql, customerId: string): Promise<boolean> {
    const gone = await sql.query('delete from engagement.person_key where customer_id = $1 returning 1', [customerId])
    return gone.length > 0
  }

  async #find(sql: Sql, customerId: string): Promise<PersonKey | undefined> {
    const statement = 'select key_id, wrapped from engagement.person_key where customer_id = $1'
    const [row] = await sql.query<{ key_id: Uint8Array; wrapped: Uint8Array }>(statement, [customerId])
    if (row === undefined) return undefined
    return { keyId: row.key_id, key: unseal(this.#wrapping, `person key ${customerId}`, row.wrapped) }
  }

  async #make(sql: Sql, customerId: string): Promise<PersonKey> {
    const wrapped = seal(this.#wrapping, `person key ${customerId}`, randomBytes(32))
    await sql.query(
      'insert into engagement.person_key (customer_id, key_id, wrapped) values ($1, $2, $3) on conflict do nothing',
      [customerId, randomBytes(keyIdLength), wrapped],
    )
    // Read back: another instance may have made it in between, and theirs counts.
    return (await this.#find(sql, customerId)) ?? this.#make(sql, customerId)
  }
}
