import type { SchemaMigrations } from '@pitcrew/database'
import { outboxTable } from '@pitcrew/outbox'

/**
 * Everything that names or reaches a person, or that a person wrote, is in a bytea column and sealed under the key of that
 * person. The rest is safe to read for whoever may read the database.
 */
export const schema: SchemaMigrations = {
  schema: 'engagement',
  migrations: [
    {
      name: '001-customers',
      sql: `
        create table engagement.master_key (
          only_one boolean primary key default true check (only_one),
          fingerprint text not null
        );
        create table engagement.person_key (
          customer_id text primary key,
          key_id bytea not null unique,
          wrapped bytea not null,
          created_at timestamptz not null default now()
        );
        create table engagement.customer (
          customer_id text primary key,
          profile bytea not null,
          language text not null,
          time_zone text not null,
          channels text[] not null,
          quiet_from text not null,
          quiet_until text not null,
          updated_at timestamptz not null default now()
        );
        create table engagement.consent (
          customer_id text not null references engagement.customer,
          channel text not null,
          granted_at timestamptz not null default now(),
          primary key (customer_id, channel)
        );
        create table engagement.opt_out (
          customer_id text primary key,
          message_id text not null,
          at timestamptz not null
        );
        create table engagement.vehicle (
          vehicle_id text primary key,
          customer_id text not null references engagement.customer
        );
        create index vehicle_by_customer on engagement.vehicle (customer_id);`,
    },
    {
      name: '002-messages',
      sql: `
        create table engagement.message (
          message_id text primary key,
          position bigint generated always as identity,
          case_id text not null,
          vehicle_id text not null,
          customer_id text,
          purpose text not null check (purpose in ('proposal', 'confirmation', 'feedback')),
          kind text not null,
          urgency text not null,
          channel text not null,
          status text not null check (status in ('due', 'deferred', 'sent', 'suppressed')),
          reason text not null,
          at timestamptz not null,
          expires_at timestamptz,
          offer_id text not null,
          booking_id text not null,
          content bytea,
          claimed_until timestamptz
        );
        create index message_by_case on engagement.message (case_id, position);
        create index message_by_time on engagement.message (at) where status = 'deferred';
        create table engagement.attempt (
          message_id text not null references engagement.message,
          number int not null,
          channel text not null,
          outcome text not null check (outcome in ('sent', 'failed', 'refused')),
          code text not null,
          at timestamptz not null,
          primary key (message_id, number)
        );
        create table engagement.reply (
          reply_id text primary key,
          message_id text not null references engagement.message,
          offer_id text not null unique,
          kind text not null,
          preference jsonb,
          at timestamptz not null
        );
        create table engagement.feedback (
          feedback_id text primary key,
          message_id text not null unique references engagement.message,
          rating int not null check (rating between 1 and 5),
          problem_solved boolean not null,
          comment bytea,
          at timestamptz not null
        );
        ${outboxTable('engagement')}`,
    },
  ],
}
