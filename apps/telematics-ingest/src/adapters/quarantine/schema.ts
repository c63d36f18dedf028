import type { Migration } from '@pitcrew/database'

/**
 * The first form held JSON, which turns what is not a number into 0, and did not count. It was kept for two days at most,
 * so it is not carried over.
 */
export const quarantineMigration: Migration = {
  name: '002-quarantine-to-replay',
  sql: `
    drop table ingest.quarantined;
    create table ingest.quarantined (
      id text primary key,
      vehicle_id text not null,
      codes text[] not null,
      first_seen timestamptz not null,
      last_seen timestamptz not null,
      count bigint not null,
      -- pitcrew.telemetry.v1.Quarantined
      content bytea not null,
      cut boolean not null,
      -- What of the same frame is in the stream already.
      accepted_paths text[] not null,
      accepted_codes boolean not null,
      replaying_since timestamptz
    );
    create index quarantined_by_vehicle on ingest.quarantined (vehicle_id, last_seen desc);
    create index quarantined_by_time on ingest.quarantined (last_seen desc);`,
}
