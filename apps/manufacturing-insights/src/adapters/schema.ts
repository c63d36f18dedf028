import type { SchemaMigrations } from '@pitcrew/database'
import { outboxTable } from '@pitcrew/outbox'

export const manufacturingSchema: SchemaMigrations = {
  schema: 'manufacturing',
  migrations: [
    {
      name: '0001-failures-and-capas',
      sql: `
        create table manufacturing.vehicle (
          vehicle_id text primary key,
          model text not null,
          model_year text not null,
          build_month text not null,
          plant text not null,
          start_of_service date,
          -- Failures before this would not have been recorded, so exposure is counted from here.
          observed_from timestamptz not null
        );
        create index vehicle_model on manufacturing.vehicle (model);

        create table manufacturing.capa (
          capa_id text primary key,
          component text not null,
          failure_mode text not null,
          model text not null,
          status text not null check (status in ('open', 'contained', 'closed')),
          opened_at timestamptz not null,
          recurrence_of text not null,
          containment jsonb,
          closure jsonb,
          check ((status = 'open') = (containment is null)),
          check ((status = 'closed') = (closure is not null))
        );
        -- Two instances that see the first two failures at once cannot both open one.
        create unique index capa_one_open on manufacturing.capa (component, failure_mode, model) where status <> 'closed';
        create sequence manufacturing.capa_number;

        create table manufacturing.failure (
          case_id text primary key,
          failure_id text not null unique,
          vehicle_id text not null references manufacturing.vehicle,
          model text not null,
          build_month text not null,
          plant text not null,
          system text not null,
          component text not null,
          failure_mode text not null,
          predicted_failure_mode text not null,
          odometer_km double precision not null,
          months_in_service double precision not null,
          repaired boolean not null,
          rating integer not null,
          verdict text not null check (verdict in ('confirmed', 'not-found', 'unseen')),
          at timestamptz not null,
          capa_id text references manufacturing.capa,
          capa_opened boolean not null default false
        );
        create index failure_kind on manufacturing.failure (component, failure_mode, model);
        create index failure_capa on manufacturing.failure (capa_id);
        create index failure_at on manufacturing.failure (at);

        ${outboxTable('manufacturing')}`,
    },
  ],
}
