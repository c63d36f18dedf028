import type { Migration } from '@pitcrew/database'

export const historyMigration: Migration = {
  name: '003-history',
  sql: `
    -- The fence, and how far the stream is written: both for a partition's next write.
    create table ingest.history_partition (
      partition integer primary key,
      epoch bigint not null,
      sequence bigint not null default 0,
      -- Whose frame has that sequence.
      vehicle_id text not null default ''
    );

    create table ingest.history_signal (
      signal integer generated always as identity primary key,
      path text not null unique
    );

    -- Readings of a vehicle in an hour of device time. Loose ones came since they were last merged and rolled up.
    create table ingest.history_readings (
      vehicle_id text not null,
      hour integer not null,
      part bigint generated always as identity,
      partition integer not null,
      loose boolean not null,
      content bytea not null,
      primary key (vehicle_id, hour, part)
    );
    create index history_readings_loose on ingest.history_readings (partition, hour) where loose;
    create index history_readings_by_hour on ingest.history_readings (hour);

    -- Buckets of a minute, an hour a row; buckets of an hour, a day a row.
    create table ingest.history_rollup (
      level text not null check (level in ('minute', 'hour')),
      vehicle_id text not null,
      -- Hours since 1970 of minutes, days since 1970 of hours.
      slot integer not null,
      content bytea not null,
      primary key (level, vehicle_id, slot)
    );
    create index history_rollup_by_slot on ingest.history_rollup (level, slot);

    -- The content is packed already.
    alter table ingest.history_readings alter column content set storage external;
    alter table ingest.history_rollup alter column content set storage external;`,
}
