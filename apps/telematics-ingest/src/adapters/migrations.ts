import type { SchemaMigrations } from '@pitcrew/database'
import { outboxTable } from '@pitcrew/outbox'
import { historyMigration } from './history/schema.ts'
import { deviceMigration } from './devices/schema.ts'
import { quarantineMigration } from './quarantine/schema.ts'

export const ingestSchema: SchemaMigrations = {
  schema: 'ingest',
  migrations: [
    {
      name: '001-registry-quarantine-feeds',
      sql: `
        create table ingest.vehicle (
          vehicle_id text primary key,
          vin text not null,
          model text not null,
          model_year integer not null,
          build_month text not null,
          plant text not null,
          in_service_date text not null,
          registered_at timestamptz not null default now(),
          changed_at timestamptz not null default now()
        );
        create unique index vehicle_vin on ingest.vehicle (vin) where vin <> '';

        create table ingest.quarantined (
          id text primary key,
          vehicle_id text not null,
          received_at timestamptz not null,
          content text not null
        );
        create index quarantined_by_vehicle on ingest.quarantined (vehicle_id, received_at desc);
        create index quarantined_by_time on ingest.quarantined (received_at);

        create table ingest.feed (
          feed text primary key,
          cursor text not null,
          moved_at timestamptz not null default now()
        );
        ${outboxTable('ingest')}`,
    },
    quarantineMigration,
    deviceMigration,
    historyMigration,
  ],
}
