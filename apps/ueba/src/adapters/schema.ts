import type { SchemaMigrations } from '@pitcrew/database'
import { outboxTable } from '@pitcrew/outbox'

export const uebaSchema: SchemaMigrations = {
  schema: 'ueba',
  migrations: [
    {
      name: '0001-audit-and-behaviour',
      sql: `
        -- The record is the truth and what is hashed; the other columns are computed from it and cannot differ.
        create table ueba.audit (
          number bigint primary key,
          record text not null,
          hash text not null,
          source_id text not null generated always as ((record::jsonb) ->> 'id') stored unique,
          resource text generated always as ((record::jsonb) ->> 'resource') stored
        );
        create index audit_resource on ueba.audit (resource, number);

        create function ueba.refuse_change() returns trigger language plpgsql as $body$
        begin
          raise exception 'the audit log is append-only';
        end
        $body$;
        create trigger audit_append_only before update or delete or truncate on ueba.audit
          for each statement execute function ueba.refuse_change();

        -- One row: the end of the chain. Locking it is whoever appends taking the pen.
        create table ueba.audit_head (
          single boolean primary key default true check (single),
          number bigint not null,
          hash text not null
        );
        insert into ueba.audit_head (number, hash) values (0, repeat('0', 64));

        create table ueba.agent (
          actor text primary key,
          service text not null,
          profile jsonb not null,
          blocked boolean not null,
          last_seen timestamptz not null
        );
        create index agent_service on ueba.agent (service, last_seen);

        create table ueba.baseline (
          subject text primary key,
          state jsonb not null
        );

        create table ueba.finding (
          finding_id text primary key,
          at timestamptz not null,
          finding jsonb not null
        );
        create index finding_at on ueba.finding (at);

        ${outboxTable('ueba')}`,
    },
  ],
}
