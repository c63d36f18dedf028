/**
 * Workflows of all definitions. A case is one of them: what it adds are search attributes, so `vehicle_case` becomes a view.
 * Only what changes seldom is indexed, so that most updates of a row leave every index alone (heap-only tuples).
 */
import type { Migration } from '@pitcrew/database'

/** Of a workflow, wherever it is kept; in the order of the tables. */
const columns = `
  workflow_id text primary key,
  definition text not null,
  -- 0 while its start has not been seen.
  version int not null,
  status text not null,
  phase text not null,
  priority int not null,
  urgency text not null,
  vehicle_id text not null,
  attributes jsonb not null,
  started_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at timestamptz,
  progress int not null,
  outcome text not null,
  failure jsonb,
  active jsonb not null,
  clock jsonb not null,
  approvals jsonb not null,
  detail text not null,
  revision bigint not null,
  parent_id text not null,
  trace text not null,
  errors int not null,
  retries int not null,
  outputs jsonb,
  output jsonb,
  words tsvector generated always as (
    to_tsvector('simple'::regconfig, workflow_id || ' ' || definition || ' ' || outcome || ' ' || parent_id || ' ' ||
      coalesce(failure ->> 'code', '') || ' ' || coalesce(failure ->> 'message', '')) ||
    jsonb_to_tsvector('simple'::regconfig, attributes, '["string", "numeric"]'::jsonb)
  ) stored`

export const names = columns
  .split('\n')
  .map((line) => /^ {2}(?!words)([a-z_]+) (?:text|int|bigint|jsonb|timestamptz)\b/.exec(line)?.[1])
  .filter((name) => name !== undefined)

const all = names.join(', ')

export const workflows: Migration = {
  name: '0002-workflows',
  sql: `
    create table orchestrator.workflow (${columns},
      -- As it ended (F8); false again when it is taken up anew.
      evaluated boolean not null default false
    ) with (fillfactor = 70);
    create index workflow_unevaluated on orchestrator.workflow (ended_at) where ended_at is not null and not evaluated;
    create index workflow_started on orchestrator.workflow (started_at desc, workflow_id desc);
    create index workflow_definition on orchestrator.workflow (definition, started_at desc);
    create index workflow_ended on orchestrator.workflow (ended_at) where ended_at is not null;
    create index workflow_vehicle on orchestrator.workflow (vehicle_id) where vehicle_id <> '';
    create index workflow_parent on orchestrator.workflow (parent_id) where parent_id <> '';
    create index workflow_asking on orchestrator.workflow (workflow_id) where approvals <> '[]';
    create index workflow_words on orchestrator.workflow using gin (words);
    create index workflow_attributes on orchestrator.workflow using gin (attributes jsonb_path_ops);

    insert into orchestrator.workflow (${all})
    select case_id, 'vehicle-case', 1, status, replace(phase, 'PHASE_', ''), priority, urgency, vehicle_id,
      jsonb_build_object('vehicleId', vehicle_id, 'system', system, 'urgency', urgency, 'priority', priority,
        'engaged', engaged, 'scheduled', scheduled),
      opened_at, updated_at, ended_at, progress, outcome, null, '[]', '{}', '[]', detail, revision, '', trace,
      (select count(*) from orchestrator.transition t where t.case_id = c.case_id and t.event = 'task-failed'), 0, outputs, null
    from orchestrator.vehicle_case c;
    drop table orchestrator.vehicle_case;

    alter table orchestrator.transition rename column case_id to workflow_id;
    alter table orchestrator.transition
      add column attempt int not null default 0,
      add column code text not null default '',
      -- Of a task's attempt, from when it could begin to its result.
      add column duration_ms bigint,
      -- 0 to 1, of a result that says how sure it is.
      add column confidence float8,
      -- A decision that it records, with its factors.
      add column decision jsonb;
    update orchestrator.transition set phase = replace(phase, 'PHASE_', '');

    -- Ended long ago: one row each, the history in it. PostgreSQL compresses what is larger than the target.
    create table orchestrator.workflow_archive (${columns},
      archived_at timestamptz not null,
      history jsonb not null
    ) with (toast_tuple_target = 256);
    create index archive_started on orchestrator.workflow_archive (started_at desc, workflow_id desc);
    create index archive_archived on orchestrator.workflow_archive (archived_at);
    create index archive_words on orchestrator.workflow_archive using gin (words);

    create view orchestrator.every_workflow as
      select ${all}, words, false as archived from orchestrator.workflow
      union all
      select ${all}, words, true from orchestrator.workflow_archive;

    create view orchestrator.vehicle_case as
      select *, coalesce((attributes ->> 'engaged')::boolean, false) as engaged,
        coalesce((attributes ->> 'scheduled')::boolean, false) as scheduled
      from orchestrator.every_workflow where definition = 'vehicle-case';

    -- Measured durations by node, as histograms to which every instance adds. The node '' is the whole workflow.
    create table orchestrator.node_duration (
      definition text not null,
      version int not null,
      node text not null,
      bucket int not null,
      runs bigint not null,
      total_ms bigint not null,
      failures bigint not null,
      primary key (definition, version, node, bucket)
    );

    create table orchestrator.evaluation (
      workflow_id text primary key,
      definition text not null,
      version int not null,
      -- Counts up, so that each instance finds what the others have added.
      number bigint generated always as identity,
      at timestamptz not null,
      grade text not null,
      score float8 not null,
      record jsonb not null
    );
    create index evaluation_number on orchestrator.evaluation (number);
    create index evaluation_definition on orchestrator.evaluation (definition, version, at desc);
  `,
}
