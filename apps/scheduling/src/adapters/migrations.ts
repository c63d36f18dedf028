import type { SchemaMigrations } from '@pitcrew/database'
import { outboxTable } from '@pitcrew/outbox'

/**
 * What the schema itself guarantees, whatever the code above it does:
 * - no two living bookings claim the same bay or technician at the same time (`claim_overlap`);
 * - a claim has the status of its booking, always (the foreign key carries it);
 * - a case has one living booking per round (`booking_round`) and one that is sent, confirmed or in service (`booking_case`).
 */
const tables = `
create table scheduling.centre (
  centre_id text primary key,
  name text not null,
  time_zone text not null
);
create table scheduling.opening_hours (
  centre_id text not null references scheduling.centre on delete cascade,
  weekday int not null check (weekday between 1 and 7),
  opens text not null,
  closes text not null
);
create table scheduling.bay (
  centre_id text not null references scheduling.centre on delete cascade,
  bay text not null,
  position int not null,
  primary key (centre_id, bay)
);
create table scheduling.technician (
  centre_id text not null references scheduling.centre on delete cascade,
  technician_id text not null,
  position int not null,
  primary key (centre_id, technician_id)
);
create table scheduling.technician_skill (
  centre_id text not null,
  technician_id text not null,
  skill text not null,
  primary key (centre_id, technician_id, skill),
  foreign key (centre_id, technician_id) references scheduling.technician on delete cascade
);

create table scheduling.booking (
  booking_id text primary key,
  case_id text not null,
  round int not null,
  attempt text not null,
  vehicle_id text not null,
  centre_id text not null references scheduling.centre,
  bay text not null,
  technician_id text not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  move jsonb,
  status text not null check (status in ('held', 'pending', 'confirmed', 'in_service', 'completed', 'cancelled', 'expired')),
  job jsonb not null,
  alternatives jsonb not null,
  dealer_reference text not null,
  owes_cancellation boolean not null,
  hold_expires_at timestamptz,
  sequence int not null,
  version int not null,
  changed_at timestamptz not null,
  created_at timestamptz not null default now(),
  unique (booking_id, status)
);
create unique index booking_round on scheduling.booking (case_id, round) where status not in ('cancelled', 'expired');
create unique index booking_case on scheduling.booking (case_id) where status in ('pending', 'confirmed', 'in_service');
create index booking_vehicle on scheduling.booking (vehicle_id);
create index booking_lapsing on scheduling.booking (hold_expires_at) where status = 'held';
create index booking_unsettled on scheduling.booking (booking_id) where owes_cancellation or move is not null;

create table scheduling.claim (
  booking_id text not null,
  status text not null,
  resource_id text not null,
  during tstzrange not null,
  primary key (booking_id, resource_id, during),
  foreign key (booking_id, status) references scheduling.booking (booking_id, status) on update cascade,
  constraint claim_overlap exclude using gist (resource_id with =, during with &&, booking_id with <>)
    where (status in ('held', 'pending', 'confirmed', 'in_service'))
);

create table scheduling.dealer_cursor (
  singleton boolean primary key default true check (singleton),
  cursor text not null
);
insert into scheduling.dealer_cursor (cursor) values ('');

${outboxTable('scheduling')}`

export const schedulingSchema: SchemaMigrations = {
  schema: 'scheduling',
  extensions: ['btree_gist'],
  migrations: [{ name: '001-bookings', sql: tables }],
}
