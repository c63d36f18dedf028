/**
 * The table of a schema, for its first migration. `message` is proto3 JSON and `trace` the W3C headers of the work that
 * wrote the event. Nobody takes a row before `due_at`: that is how a relay has it in hand and how a failed one waits. The
 * failure code in `parked` says that it will not be tried again until a person sets it back to null.
 */
export function outboxTable(schema: string): string {
  return `
        create table ${schema}.outbox (
          position bigint generated always as identity primary key,
          id text not null unique,
          event text not null,
          key text not null,
          message jsonb not null,
          trace jsonb not null,
          created_at timestamptz not null default now(),
          attempts int not null default 0,
          due_at timestamptz not null default now(),
          parked text
        );
        create index outbox_key on ${schema}.outbox (key, position);
      `
}
