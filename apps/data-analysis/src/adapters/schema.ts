import type { SchemaMigrations } from '@pitcrew/database'

export const analysisSchema: SchemaMigrations = {
  schema: 'analysis',
  migrations: [
    {
      name: '0001-states-and-alerts',
      sql: `
        -- The fence: what is written for a partition is written in the epoch of its row, or not at all.
        create table analysis.partition (
          partition integer primary key,
          epoch bigint not null
        );

        -- Text, not jsonb: it is written often, read whole, and must come back exactly as it was.
        create table analysis.vehicle_state (
          vehicle_id text primary key,
          partition integer not null,
          last_sequence bigint not null,
          reports_codes boolean not null,
          state text not null,
          changed_at timestamptz not null default now()
        );

        create table analysis.vehicle (
          vehicle_id text primary key,
          model text not null,
          content text not null,
          told_at timestamptz not null
        );
        create index vehicle_by_model on analysis.vehicle (model);

        create table analysis.alert (
          alert_id text primary key,
          vehicle_id text not null,
          partition integer not null,
          system text not null,
          -- cleared: the evidence has gone, its case goes on. ended: its case has.
          status text not null check (status in ('open', 'cleared', 'ended')),
          revision integer not null,
          raised_at timestamptz not null,
          changed_at timestamptz not null default now(),
          outcome text not null default '',
          features text[] not null,
          content text not null,
          snapshot text not null
        );
        create index alert_by_vehicle on analysis.alert (vehicle_id, raised_at desc);
        create index alert_by_time on analysis.alert (raised_at desc);

        -- Ends of cases that the holder of the vehicle's partition has not taken in yet.
        create table analysis.settlement (
          position bigint generated always as identity primary key,
          partition integer not null,
          vehicle_id text not null,
          system text not null,
          alert_id text not null,
          repaired boolean not null,
          unique (alert_id, repaired)
        );
        create index settlement_by_partition on analysis.settlement (partition, position);

        create table analysis.repair (
          case_id text primary key,
          vehicle_id text not null,
          system text not null,
          failure_mode text not null,
          component text not null,
          odometer_km double precision not null,
          at timestamptz not null
        );
        create index repair_by_vehicle on analysis.repair (vehicle_id, at desc);
        create index repair_by_system on analysis.repair (system, at desc);

        create table analysis.outbox (
          position bigint generated always as identity primary key,
          partition integer not null,
          event text not null,
          key text not null,
          message_id text not null unique,
          content text not null,
          trace text not null
        );
        create index outbox_by_partition on analysis.outbox (partition, position);
      `,
    },
    {
      name: '0002-models',
      sql: `
        create table analysis.model (
          name text not null,
          version text not null,
          kind text not null,
          sha256 text not null,
          card text not null,
          -- Text, not jsonb: its checksum is of exactly these bytes.
          artefact text not null,
          registered_at timestamptz not null,
          registered_by text not null,
          primary key (name, version)
        );

        create table analysis.model_rollout (
          name text primary key,
          rollout text not null
        );

        -- Who changed what decides about alerts: models, rules, suppressions, acknowledgements. Only ever added to.
        create table analysis.audit (
          position bigint generated always as identity primary key,
          at timestamptz not null,
          subject text not null,
          action text not null,
          object text not null,
          reason text not null,
          detail text not null
        );
        create index audit_by_object on analysis.audit (object, position desc);
      `,
    },
    {
      name: '0003-alerting',
      sql: `
        -- By our clock; raised_at is by the device's.
        alter table analysis.alert add column told_at timestamptz not null default now();

        create table analysis.alert_rule (
          rule_id text primary key,
          rule text not null,
          subject text not null,
          put_at timestamptz not null,
          until timestamptz
        );

        create table analysis.acknowledgement (
          alert_id text primary key references analysis.alert (alert_id),
          at timestamptz not null,
          subject text not null,
          note text not null
        );
      `,
    },
    {
      name: '0004-planned-maintenance',
      sql: `
        create table analysis.maintenance_plan (
          plan_id text primary key,
          plan text not null,
          subject text not null,
          put_at timestamptz not null
        );

        -- What was done otherwise than by a case; visits of cases are in repair. It outlives its plan, for the next of its name.
        create table analysis.maintenance_done (
          position bigint generated always as identity primary key,
          plan_id text not null,
          vehicle_id text not null,
          at timestamptz not null,
          known_at timestamptz not null,
          odometer_km double precision,
          engine_hours double precision,
          note text not null,
          unique (plan_id, vehicle_id, at)
        );
        create index maintenance_done_by_vehicle on analysis.maintenance_done (vehicle_id, plan_id, at desc);

        -- Distance and engine hours a day. Read from the state about hourly, so that no frame waits for it.
        create table analysis.vehicle_usage (
          vehicle_id text primary key,
          usage text not null,
          read_at timestamptz not null
        );
      `,
    },
    {
      name: '0005-answers',
      sql: `
        -- What drivers and technicians said to tests that a diagnosis proposed.
        create table analysis.test_answer (
          alert_id text not null references analysis.alert (alert_id),
          test text not null,
          yes boolean not null,
          subject text not null,
          note text not null,
          at timestamptz not null,
          primary key (alert_id, test)
        );
      `,
    },
  ],
}
