import type { Migration } from '@pitcrew/database'

export const deviceMigration: Migration = {
  name: '003-devices',
  sql: `
    create table ingest.device (
      device_id text primary key,
      vehicle_ids text[] not null,
      status text not null check (status in ('active', 'revoked')),
      key_digest bytea not null,
      previous_digest bytea,
      previous_until timestamptz,
      created_at timestamptz not null,
      last_seen_at timestamptz
    );
    create index device_by_age on ingest.device (created_at desc, device_id);`,
}
