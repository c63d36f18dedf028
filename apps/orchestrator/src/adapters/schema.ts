import type { SchemaMigrations } from '@pitcrew/database'
import { agentWorkMigration } from './agent-work.ts'
import { workflows } from './workflow-schema.ts'

export const orchestratorSchema: SchemaMigrations = {
  schema: 'orchestrator',
  migrations: [
    {
      name: '0001-cases',
      sql: `
        -- Projections of the workflow log; it can be dropped and made again from there.
        create table orchestrator.vehicle_case (
          case_id text primary key,
          vehicle_id text not null,
          system text not null,
          urgency text not null,
          phase text not null,
          status text not null,
          priority int not null,
          outcome text not null,
          opened_at timestamptz not null,
          updated_at timestamptz not null,
          ended_at timestamptz,
          progress int not null,
          detail text not null,
          revision bigint not null,
          trace text not null,
          engaged boolean not null,
          scheduled boolean not null,
          outputs jsonb
        );
        create index case_updated on orchestrator.vehicle_case (updated_at desc);
        create index case_vehicle on orchestrator.vehicle_case (vehicle_id);

        create table orchestrator.transition (
          case_id text not null,
          number bigint not null,
          at timestamptz not null,
          event text not null,
          node text not null,
          phase text not null,
          status text not null,
          agent text not null,
          detail text not null,
          primary key (case_id, number)
        );

        -- The last word on each agent; what was said earlier may arrive later.
        create table orchestrator.agent_standing (agent text primary key, blocked boolean not null, at timestamptz not null);
      `,
    },
    workflows,
    agentWorkMigration,
  ],
}
